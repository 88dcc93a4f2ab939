//! What a call does outside the phone's own place: sound, tab title and icon, system notices, words for screen readers.
import { useEffect, useRef, useState } from 'react'
import { useSession } from '@/api/session'
import { partyName } from '@/lib/parties'
import { setCallTitle } from '@/shell/PageHeader'
import { usePhone, usePhoneState } from './PhoneProvider'
import { ringing, stopRinging } from './ringer'
import { type PhoneState, stageOf } from './state'
import { announcement, stageWords, whoOffers } from './words'

export function Signals() {
  const state = usePhoneState()
  const { country } = useSession().organization
  useRing(state)
  useTitle(state, country)
  useNotices(state, country)
  return <Announcer country={country} />
}

function useRing(state: PhoneState) {
  const rings = state.offers.some((offer) => !offer.busy) && (state.owner || state.peer === null)
  const talking = state.active !== null
  // Sound lives outside React.
  useEffect(() => {
    if (!rings) return
    ringing(talking ? 'knock' : 'ring')
    return stopRinging
  }, [rings, talking])
}

function useTitle(state: PhoneState, country?: string) {
  const offer = state.offers[0]
  const stage = state.active && stageOf(state.active)
  const title = offer
    ? `☎ ${whoOffers(offer, country)} is calling`
    : state.active && stage
      ? `${stageWords(state.active)} · ${partyName(state.active.call, country)}`
      : null
  const icon = offer ? 'ringing' : stage === 'detached' ? 'problem' : state.active ? 'talking' : 'idle'
  // The tab's title and icon live outside React.
  useEffect(() => {
    setCallTitle(title)
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (link) link.href = `/icons/${icon}.svg`
    return () => setCallTitle(null)
  }, [title, icon])
}

function useNotices(state: PhoneState, country?: string) {
  const shown = useRef(new Map<string, Notification>())
  // System notices live outside React: one for each offer that arrives while nobody looks at the page.
  useEffect(() => {
    for (const [id, notice] of shown.current) {
      if (!state.offers.some((offer) => offer.id === id)) {
        notice.close()
        shown.current.delete(id)
      }
    }
    if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return
    for (const offer of state.offers) {
      if (shown.current.has(offer.id)) continue
      const notice = new Notification(`${whoOffers(offer, country)} is calling`, {
        body: offer.queue?.name,
        tag: offer.id,
        icon: '/icons/ringing.svg',
        requireInteraction: true,
      })
      notice.onclick = () => {
        window.focus()
        notice.close()
      }
      shown.current.set(offer.id, notice)
    }
  }, [state.offers, country])
}

/** A polite live region: arrivals, connections and ends are read out, whatever page is open. */
function Announcer({ country }: { country?: string }) {
  const phone = usePhone()
  const [words, setWords] = useState('')
  // Follows the phone's changes one by one, which a render may skip.
  useEffect(() => {
    let before = phone.snapshot()
    return phone.subscribe(() => {
      const after = phone.snapshot()
      const said = announcement(before, after, country)
      before = after
      if (said) setWords(said)
    })
  }, [phone, country])
  return (
    <div className="sr-only" role="status" aria-live="polite">
      {words}
    </div>
  )
}

/** Asked with the click that says "I am here", never by opening the page. */
export function askForNotices(): void {
  if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission()
}
