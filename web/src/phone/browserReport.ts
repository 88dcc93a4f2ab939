//! What this browser found out about itself, as the doctor takes it: no server can look into a microphone.
import type { Permission } from './microphone'
import { PROBLEMS } from './problems'
import type { PhoneState } from './state'

export interface Tried {
  name: 'microphone' | 'support' | 'events' | 'device' | 'sound' | 'network'
  /** Null: it could not be tried. */
  ok: boolean | null
  detail: string | null
}

const OF_THE_MICROPHONE = ['microphone_refused', 'microphone_missing', 'microphone_busy']

export function tried(state: PhoneState, microphone: Permission, live: boolean): Tried[] {
  const { problem, device, sound } = state
  const words = problem && PROBLEMS[problem].title
  const ofMicrophone = problem !== null && OF_THE_MICROPHONE.includes(problem)
  const verdict = problem === 'no_media' ? 'blocked' : sound.found?.verdict
  const heard = verdict === 'good' || verdict === 'poor'
  const asked = microphone === 'granted' ? true : microphone === 'denied' ? false : null
  return [
    { name: 'support', ok: problem !== 'unsupported', detail: problem === 'unsupported' ? words : null },
    { name: 'microphone', ok: ofMicrophone ? false : asked, detail: ofMicrophone ? words : null },
    { name: 'events', ok: live, detail: null },
    {
      name: 'device',
      ok: device === 'ready' || ofMicrophone || problem === 'no_media' ? true : problem ? false : null,
      detail: ofMicrophone ? null : words,
    },
    { name: 'sound', ok: verdict === 'blocked' ? false : heard ? true : null, detail: null },
    {
      name: 'network',
      ok: heard ? verdict === 'good' : null,
      detail: sound.found?.delay ? `${sound.found.delay} ms there and back` : null,
    },
  ]
}
