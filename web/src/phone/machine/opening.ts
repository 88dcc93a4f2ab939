//! The page opens, or its place among the tabs changes.
import { NO_SILENCE } from '../silence'
import { agentIsIn, isOver, type PhoneState } from '../state'
import { afterOf, begin, callChanged, join } from './call'
import { type EventOf, type Next, stay } from './events'

export function loaded(state: PhoneState, event: EventOf<'loaded'>): Next {
  const listed = event.offers.filter((offer) => !state.closed.includes(offer.id))
  // What arrived by the stream after the list was asked for is newer than the list.
  const newer = state.offers.filter(
    (offer) => !event.before.includes(offer.id) && !listed.some((each) => each.id === offer.id),
  )
  const busy = (id: string) => state.offers.find((known) => known.id === id)?.busy ?? null
  const offers = [...listed.map((offer) => ({ ...offer, busy: busy(offer.id) })), ...newer]
  const after = state.after ?? (event.after ? afterOf(event.after, event.after.note ?? '') : null)
  const base: PhoneState = { ...state, offers, after: event.call ? null : after }
  if (!event.call) {
    // What was on the screen ended while nobody told us (the stream was away for too long).
    return state.active ? stay(base, { do: 'check', callId: state.active.call.id, ms: 0 }) : stay(base)
  }
  if (state.active?.call.id === event.call.id) return callChanged(base, event.call)
  const mine = event.remembered === event.call.id || !agentIsIn(event.call)
  if (!state.owner)
    return stay({
      ...base,
      active: begin(event.call, mine && state.peer === null ? 'rejoining' : 'elsewhere'),
    })
  if (!mine) return stay({ ...base, active: begin(event.call, 'none') })
  return join({ ...base, active: begin(event.call, 'rejoining') }, 'rejoining')
}

export function owner(state: PhoneState, owns: boolean): Next {
  const next = { ...state, owner: owns, peer: null }
  const active = state.active
  if (!active || isOver(active.call)) return stay(next)
  if (owns && (active.line === 'elsewhere' || active.line === 'rejoining')) return join(next, 'rejoining')
  if (!owns && active.line !== 'none') {
    return stay(
      { ...next, active: { ...active, line: 'elsewhere', quality: null, silence: NO_SILENCE } },
      { do: 'remember', callId: null },
    )
  }
  return stay(next)
}

export function peer(state: PhoneState, event: EventOf<'peer'>): Next {
  if (state.owner) return stay(state)
  const next = { ...state, peer: event.device }
  const active = state.active
  if (active && event.line?.callId === active.call.id && event.line.state !== 'none') {
    return stay({ ...next, active: { ...active, line: 'elsewhere', carried: true, muted: event.line.muted } })
  }
  return stay(next)
}
