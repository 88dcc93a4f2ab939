//! The shapes of `/api/v1`: generated from the server's own document, with its closed lists of words as types.
import type { components } from './generated'

type Schemas = components['schemas']

/** A generated shape, some of whose texts are known to be one of a few words. */
type Named<Shape, Words> = Omit<Shape, keyof Words> & Words

export type Role = Schemas['Role']
export type Permission = Schemas['Permission']
export type NamedRef = Schemas['NamedRef']
export type Money = Schemas['Money']
export type User = Schemas['SessionUser']
export type Organization = Schemas['SessionOrganization']
export type SoftphoneToken = Schemas['SoftphoneToken']
export type PhoneNumber = Schemas['NumberView']
export type Contact = Schemas['ContactView']

export type PresenceState = 'offline' | 'available' | 'busy' | 'wrap_up' | 'away'
export type Presence = Named<Schemas['Presence'], { state: PresenceState; chosen?: 'available' | 'away' }>
export type Agent = Named<Schemas['AgentView'], { presence: Presence }>

export type Session = Named<Schemas['Me'], { presence: Presence }>
export type SignedIn = Session & { token: string; expires_at: string }

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

export type CallPhase = 'waiting' | 'offered' | 'connecting' | 'connected' | 'on_hold' | 'wrap_up' | 'ended'

export type EndedBy = 'customer' | 'agent' | 'supervisor' | 'system' | 'carrier'

export type Leg = Named<
  Schemas['LegView'],
  { role: 'customer' | 'agent' | 'supervisor' | 'external'; status: CallStatus }
>

/** A call as lists and events show it; what only matters while it runs comes with events and with the one call. */
export type Call = Named<
  Schemas['CallView'],
  {
    direction: 'inbound' | 'outbound'
    status: CallStatus
    phase: CallPhase
    ended_by?: EndedBy | null
    customer_status?: CallStatus | null
    dials_at?: string | null
    recording?: boolean
    recording_paused?: boolean
    legs?: Leg[]
  }
>

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

export interface Page<T> {
  items: T[]
  next: string | null
}

export type DemoPerson = Schemas['DemoLogin']
export type Demo = Schemas['DemoDoor']
export type SetupLink = Named<Schemas['SetupLink'], { purpose: 'setup' | 'invite' | 'reset' }>
