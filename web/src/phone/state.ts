//! What the phone knows: the device, the offers, the one call, and the minute after it.
import type { Call, CallStatus, Offer } from '@/api/types'
import type { Silence } from './silence'
import type { SoundFound } from './soundTrial'

export type DeviceState = 'none' | 'connecting' | 'ready' | 'problem'

export type ProblemCode =
  | 'insecure'
  | 'unsupported'
  | 'microphone_refused'
  | 'microphone_missing'
  | 'microphone_busy'
  | 'no_media'
  | 'offline'
  | 'signalling'
  | 'token'

/** An offer on the screen; `busy` while its click is on the way to the server. */
export interface Ringing extends Offer {
  busy: 'accepting' | 'declining' | null
}

/**
 * How this tab's device stands to the call: `waiting` to learn whether another of the agent's devices is in it, `dropped` for the
 * moment in which it is not known yet whether the call is over, `elsewhere` when another tab of this browser carries it.
 */
export type LineState =
  | 'none'
  | 'waiting'
  | 'joining'
  | 'joined'
  | 'dropped'
  | 'rejoining'
  | 'failed'
  | 'elsewhere'

export interface ActiveCall {
  call: Call
  line: LineState
  /** The tab that owns the device said that it carries this call. */
  carried: boolean
  /** Attempts to come back since the line was last up. */
  attempts: number
  muted: boolean
  /** End call was pressed; the carrier's word is still to come. */
  ending: boolean
  holding: 'hold' | 'resume' | null
  /** 1 (unusable) to 5 (as in one room); null while unknown. */
  quality: number | null
  silence: Silence
  digits: string
  note: string
}

/** A call that is over: its outcome, and the wrap-up where there is one. */
export interface AfterCall {
  call: Call
  endsAt: string | null
  note: string
  saving: boolean
}

/** What the sound check found last, and when. */
export interface Sound {
  checking: boolean
  found: SoundFound | null
  at: number | null
}

export interface PhoneState {
  me: string
  /** This tab owns the device; another of this browser does otherwise. */
  owner: boolean
  device: DeviceState
  problem: ProblemCode | null
  sound: Sound
  /** The device of the tab that owns it, as that tab tells. */
  peer: DeviceState | null
  offers: Ringing[]
  /** Offers that are gone, so that an older list does not bring them back. */
  closed: string[]
  active: ActiveCall | null
  after: AfterCall | null
  /** The number of a `POST /calls` on its way. */
  dialling: string | null
  /** Why the last dial was refused, shown under the field. */
  refusal: string | null
}

export function emptyPhone(me: string): PhoneState {
  return {
    me,
    owner: false,
    device: 'none',
    problem: null,
    sound: { checking: false, found: null, at: null },
    peer: null,
    offers: [],
    closed: [],
    active: null,
    after: null,
    dialling: null,
    refusal: null,
  }
}

const OVER: readonly CallStatus[] = ['completed', 'busy', 'no-answer', 'failed', 'canceled']

export function isOver(call: Call): boolean {
  return OVER.includes(call.status) || call.phase === 'ended' || call.phase === 'wrap_up'
}

/** True when one of the call's agent legs is up, on this device or another. */
export function agentIsIn(call: Call): boolean {
  return (call.legs ?? []).some((leg) => leg.role === 'agent' && leg.status === 'in-progress')
}

export type Stage =
  | 'connecting'
  | 'dialling'
  | 'ringing'
  | 'connected'
  | 'on_hold'
  | 'rejoining'
  | 'detached'
  | 'ending'

/** What the call card shows. */
export function stageOf(active: ActiveCall): Stage {
  const { call, line } = active
  if (active.ending) return 'ending'
  if (line === 'failed') return 'detached'
  if (line === 'rejoining') return 'rejoining'
  if (line === 'none' && call.phase !== 'connecting') return 'detached'
  if (call.phase === 'on_hold') return 'on_hold'
  // The device's own leg dials a direct call: it is answered with the customer, and has the ringing in it before.
  if (line === 'joining' && call.direction === 'outbound' && call.customer_status === 'ringing')
    return 'ringing'
  if (line === 'joining' || line === 'waiting') return 'connecting'
  if (call.status === 'in-progress') return 'connected'
  if (call.direction === 'outbound' && line !== 'none') {
    return call.customer_status === 'ringing' ? 'ringing' : 'dialling'
  }
  return 'connecting'
}
