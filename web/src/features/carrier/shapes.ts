//! The account at the carrier, what differs there, and a rotation, as the API tells them; secrets never come out.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type Carrier = Schemas['CarrierView']
export type WebhookAddresses = Schemas['Webhooks']
export type Check = Schemas['Check']
export type Verdict = Schemas['Verdict']
/** One that is stored: only what is not there yet has no id. */
export type Account = Omit<Carrier, 'id'> & { id: string }
export type SavedCarrier = Schemas['SavedCarrier']
export type DriftItem = Schemas['DriftItem']
export type DriftReport = Schemas['DriftReport']
export type Rotation = Schemas['Rotation']
