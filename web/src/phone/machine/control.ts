//! What the agent does during a call.
import type { ActiveCall, PhoneState } from '../state'
import { join } from './call'
import { type Effect, type Next, type PhoneEvent, stay } from './events'

export function control(state: PhoneState, active: ActiveCall, event: PhoneEvent): Next {
  const set = (change: Partial<ActiveCall>, ...effects: Effect[]) =>
    stay({ ...state, active: { ...active, ...change } }, ...effects)
  switch (event.type) {
    case 'join_clicked':
      return state.owner
        ? join({ ...state, active: { ...active, attempts: 0 } }, 'rejoining')
        : set({ line: 'rejoining', attempts: 0 }, { do: 'take_device' })
    case 'take_over':
      return state.owner ? stay(state) : set({ line: 'rejoining', attempts: 0 }, { do: 'take_device' })
    case 'hang_up':
      return active.ending ? stay(state) : set({ ending: true }, { do: 'hang_up', callId: active.call.id })
    case 'hang_up_failed':
      return set({ ending: false }, { do: 'say', words: event.words, tone: 'bad' })
    case 'hold':
      if (active.holding) return stay(state)
      return set(
        { holding: event.on ? 'hold' : 'resume' },
        { do: 'hold', callId: active.call.id, on: event.on },
      )
    case 'hold_failed':
      return set({ holding: null }, { do: 'say', words: event.words, tone: 'bad' })
    case 'mute':
      return set({ muted: event.on }, { do: 'mute', on: event.on })
    case 'digits':
      return set(
        { digits: (active.digits + event.digits).slice(-32) },
        { do: 'digits', digits: event.digits },
      )
    default:
      return stay(state)
  }
}
