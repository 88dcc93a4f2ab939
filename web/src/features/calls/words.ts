//! What a call is called: its state and its outcome, in a person's words.
import type { Call } from '@/api/types'

export type Meaning = 'good' | 'talking' | 'waiting' | 'bad' | 'plain'

export interface Words {
  text: string
  meaning: Meaning
}

const LIVE: Partial<Record<Call['phase'], Words>> = {
  waiting: { text: 'Waiting', meaning: 'waiting' },
  offered: { text: 'Ringing', meaning: 'waiting' },
  connecting: { text: 'Connecting', meaning: 'waiting' },
  connected: { text: 'Talking', meaning: 'talking' },
  on_hold: { text: 'On hold', meaning: 'waiting' },
}

const OUTCOME: Record<string, Words> = {
  answered: { text: 'Answered', meaning: 'good' },
  forwarded: { text: 'Forwarded', meaning: 'good' },
  missed: { text: 'Missed', meaning: 'bad' },
  abandoned: { text: 'Gave up', meaning: 'bad' },
  voicemail: { text: 'Left a voicemail', meaning: 'waiting' },
  busy: { text: 'Busy', meaning: 'bad' },
  no_answer: { text: 'No answer', meaning: 'bad' },
  canceled: { text: 'Canceled', meaning: 'plain' },
  declined: { text: 'Declined', meaning: 'bad' },
  failed: { text: 'Failed', meaning: 'bad' },
}

export function isLive(call: Call): boolean {
  return LIVE[call.phase] !== undefined
}

export function callWords(call: Call): Words {
  const live = LIVE[call.phase]
  if (live)
    return call.direction === 'outbound' && live.text === 'Connecting' ? { ...live, text: 'Ringing' } : live
  return OUTCOME[call.outcome ?? ''] ?? { text: call.status, meaning: 'plain' }
}

/** Nobody of us talked with them, and it was they who called. */
export function isMissed(call: Call): boolean {
  return (
    call.direction === 'inbound' && !isLive(call) && !['answered', 'forwarded'].includes(call.outcome ?? '')
  )
}
