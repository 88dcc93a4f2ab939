//! The phone's decisions: state and event in, new state and effects out. No clock, no network, no browser.
import type { PhoneState } from '../state'
import { afterwards } from './after'
import { callChanged, joinWanted, outbound } from './call'
import { control } from './control'
import { type Next, type PhoneEvent, stay } from './events'
import { line } from './line'
import { offers } from './offers'
import { loaded, owner, peer } from './opening'

export function reduce(state: PhoneState, event: PhoneEvent): Next {
  switch (event.type) {
    case 'loaded':
      return loaded(state, event)
    case 'owner':
      return owner(state, event.owner)
    case 'peer':
      return peer(state, event)
    case 'device':
      return stay({ ...state, device: event.state, problem: event.problem ?? null })
    case 'sound':
      return stay({ ...state, sound: event.sound })
    case 'offered':
    case 'offer_closed':
    case 'offers_expired':
    case 'accept':
    case 'accepted':
    case 'accept_refused':
    case 'decline':
    case 'declined':
    case 'decline_failed':
      return offers(state, event)
    case 'dial':
    case 'dialled':
    case 'dial_refused':
      return outbound(state, event)
    case 'call':
      return callChanged(state, event.call)
    case 'join':
      return joinWanted(state, event.callId)
    case 'asked_to_join':
      return state.owner ? stay(state, { do: 'check', callId: event.callId, ms: 0 }) : stay(state)
    case 'line':
    case 'quality':
    case 'silence':
    case 'checked':
    case 'check_failed':
    case 'owner_overdue':
      return line(state, event)
    case 'note':
    case 'save':
    case 'saved':
    case 'save_failed':
    case 'wrap_up_over':
    case 'dismiss':
      return afterwards(state, event)
    default:
      return state.active ? control(state, state.active, event) : stay(state)
  }
}
