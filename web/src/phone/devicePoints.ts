//! What a call needs, point by point: the service, the microphone, and sound that gets through.
import type { Permission } from './microphone'
import { PROBLEMS } from './problems'
import type { PhoneState, ProblemCode } from './state'

export interface Point {
  name: string
  tone: 'good' | 'poor' | 'bad' | 'open'
  words: string
}

const OF_THE_MICROPHONE: readonly ProblemCode[] = [
  'insecure',
  'microphone_refused',
  'microphone_missing',
  'microphone_busy',
]

export function points(state: PhoneState, permission: Permission, checked: string | null): Point[] {
  return [service(state), microphone(state, permission), sound(state, checked)]
}

function service({ owner, device, peer, problem }: PhoneState): Point {
  const name = 'Phone service'
  if (!owner && peer) return { name, tone: 'good', words: 'Connected in another tab.' }
  const reached = problem === 'no_media' || (problem !== null && OF_THE_MICROPHONE.includes(problem))
  if (device === 'ready' || (reached && problem !== 'insecure'))
    return { name, tone: 'good', words: 'Connected.' }
  if (problem) return { name, tone: 'bad', words: `${PROBLEMS[problem].title}. ${PROBLEMS[problem].cure}` }
  return { name, tone: 'open', words: 'Connecting.' }
}

function microphone({ problem }: PhoneState, permission: Permission): Point {
  const name = 'Microphone'
  if (problem && OF_THE_MICROPHONE.includes(problem))
    return { name, tone: 'bad', words: `${PROBLEMS[problem].title}. ${PROBLEMS[problem].cure}` }
  if (permission === 'denied') return { name, tone: 'bad', words: PROBLEMS.microphone_refused.cure }
  if (permission === 'prompt') return { name, tone: 'open', words: 'Your browser asks at the first call.' }
  return { name, tone: 'good', words: 'Allowed for this page.' }
}

function sound({ sound: { checking, found }, problem }: PhoneState, checked: string | null): Point {
  const name = 'Sound'
  const when = checked ? ` Checked ${checked}.` : ''
  if (checking) return { name, tone: 'open', words: 'Being sent there and back.' }
  if (problem === 'no_media' || found?.verdict === 'blocked')
    return { name, tone: 'bad', words: `Does not get through. ${PROBLEMS.no_media.cure}` }
  if (found?.verdict === 'poor') return { name, tone: 'poor', words: `Gets through, but choppy.${when}` }
  if (found?.verdict === 'good') {
    const delay = found.delay === null ? '' : `, ${found.delay} ms there and back`
    return { name, tone: 'good', words: `Gets through${delay}.${when}` }
  }
  return { name, tone: 'open', words: 'Not checked yet.' }
}
