//! Tells the server what this browser found out about itself, whenever that changes: the doctor reads it for every agent.
import { useEffect, useState } from 'react'
import { api } from '@/api/client'
import { useLiveState } from '@/api/stream'
import { tried } from '@/phone/browserReport'
import { type Permission, watchMicrophone } from '@/phone/microphone'
import { usePhoneState } from '@/phone/PhoneProvider'

/** Devices come and go within seconds of a start: what stays is told. */
const SETTLES_MS = 4_000

export default function BrowserReport() {
  const state = usePhoneState()
  const live = useLiveState() === 'live'
  const [microphone, setMicrophone] = useState<Permission>('prompt')
  // The permission belongs to the browser and may change behind the page.
  useEffect(() => watchMicrophone(setMicrophone), [])
  const report = state.owner ? JSON.stringify(tried(state, microphone, live)) : null
  // Sent once for each state that lasted; a report that is lost is made up for by the next.
  useEffect(() => {
    if (!report) return
    const timer = setTimeout(() => {
      const body = { browser: navigator.userAgent, checks: JSON.parse(report) }
      api.post('/doctor/browser', body).catch(() => {})
    }, SETTLES_MS)
    return () => clearTimeout(timer)
  }, [report])
  return null
}
