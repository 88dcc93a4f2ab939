//! The two sides of a call, whichever way it went: theirs and ours.
import { phoneNumber } from './phoneNumbers'

interface Sides {
  direction: 'inbound' | 'outbound'
  from_number: string
  to_number: string
  /** The number of ours, where the server names it. */
  number?: string | null
  contact?: { name: string } | null
}

/** The outside party's number: who called us, or whom we call. */
export function partyNumber(call: Sides): string {
  return call.direction === 'inbound' ? call.from_number : call.to_number
}

export function partyName(call: Sides, country?: string): string {
  return call.contact?.name || phoneNumber(partyNumber(call), country)
}

export function ourNumber(call: Sides): string {
  return call.number ?? (call.direction === 'inbound' ? call.to_number : call.from_number)
}
