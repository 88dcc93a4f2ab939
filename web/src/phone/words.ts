//! The phone's states in words: for the card, for screen readers and for the tab's title.
import type { Call, Offer } from '@/api/types'
import { endingWords } from '@/lib/endings'
import { partyName } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { type ActiveCall, type DeviceState, type PhoneState, stageOf } from './state'

export function whoOffers(offer: Offer, country?: string): string {
  return offer.contact?.name || phoneNumber(offer.from_number, country)
}

export function stageWords(active: ActiveCall): string {
  switch (stageOf(active)) {
    case 'connecting':
      return 'Connecting'
    case 'dialling':
      return 'Dialling'
    case 'ringing':
      return 'Ringing'
    case 'connected':
      return active.line === 'elsewhere' ? 'Talking in another tab' : 'Talking'
    case 'on_hold':
      return 'On hold'
    case 'rejoining':
      return 'Rejoining'
    case 'detached':
      return active.line === 'failed' ? 'You are not connected' : 'On another device'
    case 'ending':
      return 'Ending'
  }
}

const OUTCOMES: Record<string, string> = {
  busy: 'The line was busy',
  'no-answer': 'Nobody answered',
  no_answer: 'Nobody answered',
  failed: 'The call could not be made',
  canceled: 'Ended before anybody answered',
  abandoned: 'The caller hung up before anybody answered',
  voicemail: 'The caller left a voicemail',
  unreachable: 'The number cannot be reached',
  rejected: 'The call was declined',
}

/** How the call ended, said once and in words; `me` is the reader. */
export function outcomeWords(call: Call, me?: string): string {
  const ending = endingWords(call, me)
  if (ending) return ending
  const known = (call.outcome && OUTCOMES[call.outcome]) || OUTCOMES[call.status]
  if (known) return known
  return call.direction === 'outbound' && !call.answered_at ? 'Nobody answered' : 'Call ended'
}

export interface DeviceWords {
  tone: 'ready' | 'poor' | 'connecting' | 'problem'
  text: string
}

export function deviceWords(state: PhoneState): DeviceWords {
  const device: DeviceState = state.owner ? state.device : (state.peer ?? 'connecting')
  if (device === 'ready' && !state.owner) return { tone: 'ready', text: 'Ready in another tab' }
  if (device === 'ready' && state.sound.found?.verdict === 'poor') return { tone: 'poor', text: 'Poor sound' }
  if (device === 'ready') return { tone: 'ready', text: 'Ready' }
  if (device === 'problem') return { tone: 'problem', text: 'Not ready' }
  return { tone: 'connecting', text: 'Getting ready' }
}

/** What a listener should hear when the state moves from one to the other; nothing for what they did themselves. */
export function announcement(before: PhoneState, after: PhoneState, country?: string): string | null {
  const arrived = after.offers.find((offer) => !before.offers.some((known) => known.id === offer.id))
  if (arrived) {
    const place = arrived.queue?.name ?? phoneNumber(arrived.to_number, country)
    return `Incoming call from ${whoOffers(arrived, country)} to ${place}`
  }
  const was = before.active && stageOf(before.active)
  const is = after.active && stageOf(after.active)
  if (after.active && is !== was && is !== 'ending') {
    const who = partyName(after.active.call, country)
    if (is === 'connected') return was === 'on_hold' ? `Talking with ${who} again` : `Connected with ${who}`
    if (is === 'detached') return `You are not connected with ${who}. Join call brings you back.`
    return `${stageWords(after.active)}: ${who}`
  }
  if (before.active && !after.active && after.after) return `${outcomeWords(after.after.call, after.me)}.`
  return null
}
