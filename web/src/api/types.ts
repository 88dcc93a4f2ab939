//! The shapes of `/api/v1` that the app reads; every other file takes them from here.

export type Role = 'owner' | 'admin' | 'supervisor' | 'agent'

export interface User {
  id: string
  email: string
  name: string
  role: Role
}

export interface Organization {
  id: string
  slug: string
  name: string
  country?: string
}

export interface Session {
  user: User
  organization: Organization
  /** Sent back as `X-CSRF-Token` by a session that lives in a cookie. */
  csrf?: string
  /** The demo: log-ins belong to one tab each. */
  demo?: boolean
  presence?: Presence
}

export interface SignedIn extends Session {
  token: string
  expires_at: string
}

export type PresenceState = 'offline' | 'available' | 'busy' | 'wrap_up' | 'away'

export interface Presence {
  state: PresenceState
  since?: string
  call_id?: string | null
  reason?: string | null
  /** What the agent chose, whatever their device says. */
  chosen?: 'available' | 'away'
  wrap_up_ends_at?: string | null
}

export interface Agent {
  id: string
  name: string
  email: string
  role: Role
  presence: Presence
  number?: string | null
  counts?: Record<string, number>
}

export type CallStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled'

export type CallPhase =
  | 'waiting'
  | 'offered'
  | 'connecting'
  | 'connected'
  | 'on_hold'
  | 'parked'
  | 'transferring'
  | 'wrap_up'
  | 'ended'

export interface NamedRef {
  id: string
  name: string
}

export interface Money {
  amount: string
  currency: string
}

export interface Leg {
  id: string
  role: 'customer' | 'agent' | 'supervisor' | 'external'
  status: CallStatus
  agent?: NamedRef | null
}

export interface Call {
  id: string
  direction: 'inbound' | 'outbound'
  status: CallStatus
  phase: CallPhase
  from_number: string
  to_number: string
  number?: string | null
  contact?: NamedRef | null
  agent?: NamedRef | null
  queue?: NamedRef | null
  outcome?: string | null
  disposition?: string | null
  /** Who ended it: `customer`, `agent` or `system`. */
  ended_by?: string | null
  started_at: string
  answered_at?: string | null
  ended_at?: string | null
  duration_seconds?: number | null
  wait_seconds?: number | null
  talk_seconds?: number | null
  price?: Money | null
  has_recording: boolean
  has_transcript: boolean
  sentiment?: string | null
  /** True while the customer's leg is being recorded. */
  recording?: boolean
  /** The customer's leg as the carrier tells it. */
  customer_status?: CallStatus | null
  wrap_up_ends_at?: string | null
  /** Since when the caller waits for an agent. */
  waiting_since?: string | null
  note?: string | null
  legs?: Leg[]
}

/** A waiting call on this agent's screen, as the phone keeps it. */
export interface Offer {
  id: string
  call_id: string
  from_number: string
  to_number: string
  contact?: NamedRef | null
  queue?: NamedRef | null
  /** When the caller began to wait. */
  waiting_since: string
  offered_at: string
  expires_at: string
}

export interface SoftphoneToken {
  token: string
  identity: string
  expires_at: string
  /** Where the sandbox's signalling listens; absent with the real carrier. */
  signaling_url?: string
}

export interface PhoneNumber {
  id: string
  number: string
  label?: string | null
  can_call?: boolean
}

export interface Contact {
  id: string
  name: string
  kind?: string
  company?: string | null
  phones: { number: string; label?: string | null }[]
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface DemoPerson {
  name: string
  role: Role
  email: string
  password: string
}

export interface Demo {
  users: DemoPerson[]
  sandbox_url: string
  number: string
  customers: string[]
}

/** What a one-time link is for. */
export interface SetupLink {
  valid: boolean
  purpose: 'setup' | 'invite' | 'reset'
  name?: string
  email?: string
  organization?: string
}
