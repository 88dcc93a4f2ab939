//! The one call: how it begins, changes and ends.
import type { Call } from '@/api/types'
import { NO_SILENCE } from '../silence'
import { type ActiveCall, type AfterCall, isOver, type LineState, type PhoneState } from '../state'
import { afterwards } from './after'
import { type Effect, type EventOf, type Next, stay } from './events'

/** Another tab may own the device: it has this long to join before the clicked tab takes over. */
const OWNER_JOINS_WITHIN_MS = 2_000
/** Another computer whose click claimed the call is in it by then. */
const OTHER_DEVICE_JOINS_MS = 400

export function outbound(state: PhoneState, event: EventOf<'dial' | 'dialled' | 'dial_refused'>): Next {
  switch (event.type) {
    case 'dial':
      if (state.dialling || (state.active && !isOver(state.active.call))) return stay(state)
      return stay(
        { ...state, dialling: event.to, refusal: null },
        { do: 'dial', to: event.to, from: event.from, contactId: event.contactId },
      )
    case 'dialled':
      return enter({ ...state, dialling: null }, event.call)
    case 'dial_refused':
      return stay({ ...state, dialling: null, refusal: event.words })
  }
}

/** A call that this tab's click began: its own device joins, or the tab that owns the device is asked to. */
export function enter(state: PhoneState, call: Call): Next {
  if (isOver(call)) return callChanged({ ...state, active: begin(call, 'none') }, call)
  const known = state.active?.call.id === call.id ? state.active : null
  if (known && (known.line === 'joining' || known.line === 'joined')) return stay(state)
  const next = { ...state, after: null, active: known ?? begin(call, 'joining') }
  if (state.owner) return join(next, 'joining')
  return stay(
    { ...next, active: { ...begin(call, 'elsewhere') } },
    { do: 'ask_owner', callId: call.id },
    { do: 'await_owner', callId: call.id, ms: OWNER_JOINS_WITHIN_MS },
  )
}

export function callChanged(state: PhoneState, call: Call): Next {
  const active = state.active
  if (!active || active.call.id !== call.id) return adopt(state, call)
  if (isOver(active.call)) return stay(state)
  if (isOver(call)) return ended(state, active, call)
  if (call.agent && call.agent.id !== state.me) return lost(state, active, 'The call went to somebody else.')
  if (call.direction === 'inbound' && (call.phase === 'waiting' || call.phase === 'offered')) {
    return lost(state, active, 'The caller went back to the queue.')
  }
  const settled =
    (active.holding === 'hold' && call.phase === 'on_hold') ||
    (active.holding === 'resume' && call.phase !== 'on_hold')
  const next = { ...active, call: { ...active.call, ...call }, holding: settled ? null : active.holding }
  return stay({ ...state, active: next })
}

/** A call of mine that began elsewhere: in another tab, on another computer, or through the API. */
function adopt(state: PhoneState, call: Call): Next {
  if (state.after?.call.id === call.id) {
    const endsAt = call.phase === 'wrap_up' ? (call.wrap_up_ends_at ?? state.after.endsAt) : null
    if (call.phase === 'ended' && state.after.endsAt) return afterwards(state, { type: 'wrap_up_over' })
    return stay({ ...state, after: { ...state.after, call: { ...state.after.call, ...call }, endsAt } })
  }
  const begun = call.phase === 'connecting' || call.phase === 'connected' || call.phase === 'on_hold'
  if (state.active || isOver(call) || call.agent?.id !== state.me || !begun) return stay(state)
  if (
    state.dialling ||
    state.offers.some((offer) => offer.busy === 'accepting' && offer.call_id === call.id)
  ) {
    return stay(state)
  }
  return stay({ ...state, after: null, active: begin(call, state.owner ? 'none' : 'elsewhere') })
}

export function joinWanted(state: PhoneState, callId: string): Next {
  const active = state.active
  const busy = active?.call.id === callId && active.line !== 'none'
  const clicked =
    state.dialling || state.offers.some((offer) => offer.busy === 'accepting' && offer.call_id === callId)
  if (!state.owner || busy || clicked) return stay(state)
  const next =
    active?.call.id === callId ? { ...state, active: { ...active, line: 'waiting' as const } } : state
  return stay(next, { do: 'check', callId, ms: OTHER_DEVICE_JOINS_MS })
}

export function ended(state: PhoneState, active: ActiveCall, call: Call): Next {
  const leave: Effect[] = active.line === 'none' || active.line === 'elsewhere' ? [] : [{ do: 'leave' }]
  const whole = { ...active.call, ...call }
  return stay({ ...state, active: null, after: afterOf(whole, active.note) }, ...leave, {
    do: 'remember',
    callId: null,
  })
}

function lost(state: PhoneState, active: ActiveCall, words: string): Next {
  const leave: Effect[] = active.line === 'none' || active.line === 'elsewhere' ? [] : [{ do: 'leave' }]
  return stay(
    { ...state, active: null },
    ...leave,
    { do: 'remember', callId: null },
    { do: 'say', words, tone: 'plain' },
  )
}

export function join(state: PhoneState, as: 'joining' | 'rejoining'): Next {
  if (!state.active) return stay(state)
  if (!state.owner) return stay({ ...state, active: { ...state.active, line: as } })
  const { call } = state.active
  return stay(
    { ...state, active: { ...state.active, line: as } },
    { do: 'remember', callId: call.id },
    { do: 'join', callId: call.id },
  )
}

export function begin(call: Call, line: LineState): ActiveCall {
  return {
    call,
    line,
    carried: false,
    attempts: 0,
    muted: false,
    ending: false,
    holding: null,
    quality: null,
    silence: NO_SILENCE,
    digits: '',
    note: call.note ?? '',
  }
}

export function afterOf(call: Call, note: string): AfterCall {
  return {
    call,
    endsAt: call.phase === 'wrap_up' ? (call.wrap_up_ends_at ?? null) : null,
    note,
    saving: false,
  }
}
