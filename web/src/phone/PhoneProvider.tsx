//! One phone for each signed-in person, alive as long as the shell; pages reach it through these hooks.
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react'
import { startStream } from '@/api/stream'
import { toast } from '@/ui/toast'
import { Phone } from './phone'
import type { PhoneState } from './state'

const PhoneContext = createContext<Phone | null>(null)

export function PhoneProvider({ me, children }: { me: string; children: ReactNode }) {
  const [phone, setPhone] = useState<Phone | null>(null)
  // The phone holds a lock, a socket and a device: it lives exactly as long as this person is signed in here.
  useEffect(() => {
    const own = new Phone(me, (words, tone) => toast(words, { tone }))
    const endStream = startStream()
    own.start()
    setPhone(own)
    return () => {
      own.stop()
      endStream()
    }
  }, [me])
  return phone && <PhoneContext value={phone}>{children}</PhoneContext>
}

export function usePhone(): Phone {
  const phone = use(PhoneContext)
  if (!phone) throw new Error('usePhone needs a PhoneProvider above it')
  return phone
}

export function usePhoneState(): PhoneState {
  const phone = usePhone()
  return useSyncExternalStore(phone.subscribe, phone.snapshot)
}
