//! The phone's decisions: state and event in, new state and effects out. No clock, no network, no browser.
import type { Call, Offer } from '@/api/types'
import {
  type ActiveCall,
  agentIsIn,
  type DeviceState,
  isOver,
  type LineState,
  type PhoneState,
  type ProblemCode,
} from './state'

export type PhoneEvent =
  | { type: 'loaded'; offers: Offer[]; call: Call | null; remembered: string | null; after: Call | null }
  | { type: 'owner'; owner: boolean }
  | { type: 'peer'; device: DeviceState; line: { callId: string; state: LineState; muted: boolean } | null }
  | { type: 'device'; state: DeviceState; problem?: ProblemCode }
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

/** Another tab may own the device: it has this long to join before the clicked tab takes over. */
export const OWNER_JOINS_WITHIN_MS = 2_000
/** The carrier's word about an ended call usually comes a moment after the line drops. */
const DROP_SETTLES_MS = 700
const OTHER_DEVICE_JOINS_MS = 400
const REJOIN_AFTER_MS = [0, 800, 1_500, 2_500, 4_000, 6_000]

const stay = (state: PhoneState, ...effects: Effect[]): Next => ({ state, effects })

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

// ── the page opens ──────────────────────────────────────────────────────────────────────────────

function loaded(state: PhoneState, event: Extract<PhoneEvent, { type: 'loaded' }>): Next {
  const offers = event.offers.map((offer) => ({
    ...offer,
    busy: state.offers.find((known) => known.id === offer.id)?.busy ?? null,
  }))
  const after = state.after ?? (event.after ? afterOf(event.after, event.after.note ?? '') : null)
  const base: PhoneState = { ...state, offers, after: event.call ? null : after }
  if (!event.call) {
    // What was on the screen ended while nobody told us (the stream was away for too long).
    return state.active ? stay(base, { do: 'check', callId: state.active.call.id, ms: 0 }) : stay(base)
  }
  if (state.active?.call.id === event.call.id) return callChanged(base, event.call)
  const mine = event.remembered === event.call.id || !agentIsIn(event.call)
  if (!state.owner) return stay({ ...base, active: begin(event.call, mine ? 'rejoining' : 'elsewhere') })
  if (!mine) return stay({ ...base, active: begin(event.call, 'none') })
  return join({ ...base, active: begin(event.call, 'rejoining') }, 'rejoining')
}

function owner(state: PhoneState, owns: boolean): Next {
  const next = { ...state, owner: owns, peer: null }
  const active = state.active
  if (!active || isOver(active.call)) return stay(next)
  if (owns && (active.line === 'elsewhere' || active.line === 'rejoining')) return join(next, 'rejoining')
  if (!owns && active.line !== 'none') {
    return stay(
      { ...next, active: { ...active, line: 'elsewhere', quality: null } },
      { do: 'remember', callId: null },
    )
  }
  return stay(next)
}

function peer(state: PhoneState, event: Extract<PhoneEvent, { type: 'peer' }>): Next {
  if (state.owner) return stay(state)
  const next = { ...state, peer: event.device }
  const active = state.active
  if (active && event.line?.callId === active.call.id && event.line.state !== 'none') {
    return stay({ ...next, active: { ...active, line: 'elsewhere', carried: true, muted: event.line.muted } })
  }
  return stay(next)
}

// ── offers ──────────────────────────────────────────────────────────────────────────────────────

type OfferEvent = Extract<
  PhoneEvent,
  {
    type:
      | 'offered'
      | 'offer_closed'
      | 'offers_expired'
      | 'accept'
      | 'accepted'
      | 'accept_refused'
      | 'decline'
      | 'declined'
      | 'decline_failed'
  }
>

function offers(state: PhoneState, event: OfferEvent): Next {
  switch (event.type) {
    case 'offered': {
      const others = state.offers.filter((offer) => offer.id !== event.offer.id)
      return stay({ ...state, offers: [...others, { ...event.offer, busy: null }] })
    }
    case 'offer_closed': {
      const known = state.offers.find((offer) => offer.id === event.offerId)
      const next = without(state, event.offerId)
      // An own click in flight learns its outcome from its own answer.
      if (!known || known.busy || !event.words) return stay(next)
      return stay(next, { do: 'say', words: event.words, tone: 'plain' })
    }
    case 'offers_expired':
      return stay({ ...state, offers: state.offers.filter((offer) => !event.ids.includes(offer.id)) })
    case 'accept': {
      const offer = state.offers.find((each) => each.id === event.offerId)
      if (!offer || offer.busy || (state.active && !isOver(state.active.call))) return stay(state)
      return stay(marked(state, event.offerId, 'accepting'), { do: 'accept', offerId: event.offerId })
    }
    case 'accepted':
      return enter(without(state, event.offerId), event.call)
    case 'accept_refused':
      return stay(event.gone ? without(state, event.offerId) : marked(state, event.offerId, null), {
        do: 'say',
        words: event.words,
        tone: event.gone ? 'plain' : 'bad',
      })
    case 'decline':
      return stay(marked(state, event.offerId, 'declining'), { do: 'decline', offerId: event.offerId })
    case 'declined':
      return stay(without(state, event.offerId))
    case 'decline_failed':
      return stay(marked(state, event.offerId, null), { do: 'say', words: event.words, tone: 'bad' })
  }
}

// ── the call ────────────────────────────────────────────────────────────────────────────────────

function outbound(
  state: PhoneState,
  event: Extract<PhoneEvent, { type: 'dial' | 'dialled' | 'dial_refused' }>,
): Next {
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
function enter(state: PhoneState, call: Call): Next {
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

function callChanged(state: PhoneState, call: Call): Next {
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
  return stay({
    ...state,
    active: { ...active, call: { ...active.call, ...call }, holding: settled ? null : active.holding },
  })
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

function joinWanted(state: PhoneState, callId: string): Next {
  const active = state.active
  const busy = active?.call.id === callId && active.line !== 'none'
  const clicked =
    state.dialling || state.offers.some((offer) => offer.busy === 'accepting' && offer.call_id === callId)
  if (!state.owner || busy || clicked) return stay(state)
  const next =
    active?.call.id === callId ? { ...state, active: { ...active, line: 'waiting' as const } } : state
  return stay(next, { do: 'check', callId, ms: OTHER_DEVICE_JOINS_MS })
}

function ended(state: PhoneState, active: ActiveCall, call: Call): Next {
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

// ── the line of this tab ────────────────────────────────────────────────────────────────────────

type LineEvent = Extract<
  PhoneEvent,
  { type: 'line' | 'quality' | 'checked' | 'check_failed' | 'owner_overdue' }
>

function line(state: PhoneState, event: LineEvent): Next {
  const active = state.active
  if (event.type === 'checked') return checked(state, event.callId, event.call)
  if (active?.call.id !== event.callId) return stay(state)
  switch (event.type) {
    case 'quality':
      return stay({ ...state, active: { ...active, quality: event.level } })
    case 'check_failed':
      return retry(state, active)
    case 'owner_overdue':
      return active.line === 'elsewhere' && !active.carried && !agentIsIn(active.call) && !state.owner
        ? stay(state, { do: 'take_device' })
        : stay(state)
    case 'line':
      if (event.state === 'joined') {
        return stay(
          { ...state, active: { ...active, line: 'joined', attempts: 0 } },
          { do: 'remember', callId: active.call.id },
          ...(active.muted ? [{ do: 'mute', on: true } as const] : []),
        )
      }
      return event.state === 'left' ? dropped(state, active) : stay(state)
  }
}

function dropped(state: PhoneState, active: ActiveCall): Next {
  if (active.ending || active.line === 'elsewhere' || active.line === 'none') return stay(state)
  if (active.line !== 'joined') return retry(state, active)
  return stay(
    { ...state, active: { ...active, line: 'dropped', quality: null } },
    { do: 'check', callId: active.call.id, ms: DROP_SETTLES_MS },
  )
}

function retry(state: PhoneState, active: ActiveCall): Next {
  const wait = REJOIN_AFTER_MS[active.attempts]
  if (wait === undefined) return stay({ ...state, active: { ...active, line: 'failed' } })
  return stay(
    {
      ...state,
      active: {
        ...active,
        line: active.line === 'dropped' ? 'dropped' : 'rejoining',
        attempts: active.attempts + 1,
      },
    },
    { do: 'check', callId: active.call.id, ms: wait },
  )
}

/** The server's word about a call whose line dropped, or which somebody wants this device to join. */
function checked(state: PhoneState, callId: string, call: Call | null): Next {
  const active = state.active
  if (!active || active.call.id !== callId) {
    const wanted = call && !isOver(call) && call.agent?.id === state.me && !active && state.owner
    if (!wanted) return stay(state)
    if (agentIsIn(call)) return stay({ ...state, active: begin(call, 'none') })
    return join({ ...state, after: null, active: begin(call, 'joining') }, 'joining')
  }
  if (!call) return ended(state, active, { ...active.call, status: 'completed', phase: 'ended' })
  const next = callChanged(state, call)
  const still = next.state.active
  if (!still || still.call.id !== callId || next.effects.length > 0) return next
  if (still.line === 'waiting' && agentIsIn(call)) {
    return stay({ ...next.state, active: { ...still, line: 'none' } })
  }
  if (still.line === 'dropped' || still.line === 'rejoining') return join(next.state, 'rejoining')
  if (still.line === 'waiting' || (still.line === 'none' && call.phase === 'connecting'))
    return join(next.state, 'joining')
  return next
}

function join(state: PhoneState, as: 'joining' | 'rejoining'): Next {
  if (!state.active) return stay(state)
  if (!state.owner) return stay({ ...state, active: { ...state.active, line: as } })
  const { call } = state.active
  return stay(
    { ...state, active: { ...state.active, line: as } },
    { do: 'remember', callId: call.id },
    { do: 'join', callId: call.id },
  )
}

// ── what the agent does during a call ───────────────────────────────────────────────────────────

function control(state: PhoneState, active: ActiveCall, event: PhoneEvent): Next {
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

type AfterEvent = Extract<
  PhoneEvent,
  { type: 'note' | 'save' | 'saved' | 'save_failed' | 'wrap_up_over' | 'dismiss' }
>

function afterwards(state: PhoneState, event: AfterEvent): Next {
  const { active, after } = state
  if (event.type === 'note') {
    if (active) {
      return stay(
        { ...state, active: { ...active, note: event.text } },
        { do: 'keep_note', callId: active.call.id, text: event.text },
      )
    }
    return after ? stay({ ...state, after: { ...after, note: event.text } }) : stay(state)
  }
  if (!after) return stay(state)
  switch (event.type) {
    case 'save':
      return stay(
        { ...state, after: { ...after, saving: true } },
        { do: 'save', callId: after.call.id, note: after.note, disposition: event.disposition, quiet: false },
      )
    case 'saved':
      return stay({ ...state, after: null }, { do: 'say', words: 'Saved.', tone: 'good' })
    case 'save_failed':
      return stay(
        { ...state, after: { ...after, saving: false } },
        { do: 'say', words: event.words, tone: 'bad' },
      )
    case 'wrap_up_over': {
      // What was typed is kept even when Save was never pressed.
      const unsaved = after.note.trim() !== (after.call.note ?? '').trim()
      const keep: Effect[] = unsaved
        ? [{ do: 'save', callId: after.call.id, note: after.note, disposition: null, quiet: true }]
        : []
      return stay({ ...state, after: null }, ...keep)
    }
    case 'dismiss':
      return stay({ ...state, after: null })
  }
}

// ── small builders ──────────────────────────────────────────────────────────────────────────────

function begin(call: Call, line: LineState): ActiveCall {
  return {
    call,
    line,
    carried: false,
    attempts: 0,
    muted: false,
    ending: false,
    holding: null,
    quality: null,
    digits: '',
    note: call.note ?? '',
  }
}

function afterOf(call: Call, note: string) {
  return {
    call,
    endsAt: call.phase === 'wrap_up' ? (call.wrap_up_ends_at ?? null) : null,
    note,
    saving: false,
  }
}

function without(state: PhoneState, offerId: string): PhoneState {
  return { ...state, offers: state.offers.filter((offer) => offer.id !== offerId) }
}

function marked(state: PhoneState, offerId: string, busy: 'accepting' | 'declining' | null): PhoneState {
  return {
    ...state,
    offers: state.offers.map((offer) => (offer.id === offerId ? { ...offer, busy } : offer)),
  }
}
