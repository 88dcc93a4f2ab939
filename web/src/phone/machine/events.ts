//! What can happen to the phone, and what the phone can decide to do.
import type { Call, Offer } from '@/api/types'
import type { Silence } from '../silence'
import type { DeviceState, LineState, PhoneState, ProblemCode, Sound } from '../state'

export type PhoneEvent =
  | {
      type: 'loaded'
      offers: Offer[]
      /** The offers that were on the screen when the list was asked for. */
      before: string[]
      call: Call | null
      remembered: string | null
      after: Call | null
    }
  | { type: 'owner'; owner: boolean }
  | { type: 'peer'; device: DeviceState; line: { callId: string; state: LineState; muted: boolean } | null }
  | { type: 'device'; state: DeviceState; problem?: ProblemCode }
  | { type: 'sound'; sound: Sound }
  | { type: 'offered'; offer: Offer }
  | { type: 'offer_closed'; offerId: string; words: string | null }
  | { type: 'offers_expired'; ids: string[] }
  | { type: 'call'; call: Call }
  | { type: 'join'; callId: string }
  | { type: 'asked_to_join'; callId: string }
  | { type: 'accept'; offerId: string }
  | { type: 'accepted'; offerId: string; call: Call }
  | { type: 'accept_refused'; offerId: string; words: string; gone: boolean }
  | { type: 'decline'; offerId: string }
  | { type: 'declined'; offerId: string }
  | { type: 'decline_failed'; offerId: string; words: string }
  | { type: 'dial'; to: string; from?: string; contactId?: string }
  | { type: 'dialled'; call: Call }
  | { type: 'dial_refused'; words: string }
  | { type: 'line'; callId: string; state: 'joining' | 'joined' | 'left' }
  | { type: 'quality'; callId: string; level: number }
  | { type: 'silence'; callId: string; silence: Silence }
  | { type: 'checked'; callId: string; call: Call | null }
  | { type: 'check_failed'; callId: string }
  | { type: 'owner_overdue'; callId: string }
  | { type: 'join_clicked' }
  | { type: 'take_over' }
  | { type: 'hang_up' }
  | { type: 'hang_up_failed'; words: string }
  | { type: 'hold'; on: boolean }
  | { type: 'hold_failed'; words: string }
  | { type: 'mute'; on: boolean }
  | { type: 'digits'; digits: string }
  | { type: 'note'; text: string }
  | { type: 'save'; disposition: string | null }
  | { type: 'saved' }
  | { type: 'save_failed'; words: string }
  | { type: 'wrap_up_over' }
  | { type: 'dismiss' }

export type Effect =
  | { do: 'accept'; offerId: string }
  | { do: 'decline'; offerId: string }
  | { do: 'dial'; to: string; from?: string; contactId?: string }
  | { do: 'join'; callId: string }
  | { do: 'leave' }
  | { do: 'ask_owner'; callId: string }
  | { do: 'await_owner'; callId: string; ms: number }
  | { do: 'take_device' }
  | { do: 'check'; callId: string; ms: number }
  | { do: 'hang_up'; callId: string }
  | { do: 'hold'; callId: string; on: boolean }
  | { do: 'mute'; on: boolean }
  | { do: 'digits'; digits: string }
  | { do: 'remember'; callId: string | null }
  | { do: 'keep_note'; callId: string; text: string }
  | { do: 'save'; callId: string; note: string; disposition: string | null; quiet: boolean }
  | { do: 'say'; words: string; tone: 'plain' | 'good' | 'bad' }

export interface Next {
  state: PhoneState
  effects: Effect[]
}

export type EventOf<T extends PhoneEvent['type']> = Extract<PhoneEvent, { type: T }>

export const stay = (state: PhoneState, ...effects: Effect[]): Next => ({ state, effects })
