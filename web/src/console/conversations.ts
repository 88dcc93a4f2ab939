//! Legs that belong together: a leg, those that its TwiML dialled, and the legs that stand at their other ends.
import type { Leg } from './control'

const OVER = ['completed', 'busy', 'no-answer', 'failed', 'canceled']

export interface Conversation {
  /** The first leg's SID. */
  id: string
  legs: Leg[]
  live: boolean
}

export const isOver = (leg: Leg) => OVER.includes(leg.status)

/** `legs` are the newest first, as the sandbox tells them; so are the conversations, each with its first leg first. */
export function conversations(legs: Leg[]): Conversation[] {
  const parent = new Map(legs.map((leg) => [leg.sid, leg.sid]))
  const first = (sid: string): string => {
    const up = parent.get(sid)
    return up === undefined || up === sid ? sid : first(up)
  }
  for (const leg of legs) {
    for (const other of [leg.parent_call_sid, leg.far]) {
      if (other && parent.has(other)) parent.set(first(leg.sid), first(other))
    }
  }
  const groups = new Map<string, Leg[]>()
  for (const leg of legs) {
    const group = groups.get(first(leg.sid))
    if (group) group.unshift(leg)
    else groups.set(first(leg.sid), [leg])
  }
  return [...groups.values()].map((group) => ({
    id: group[0]?.sid ?? '',
    legs: group,
    live: group.some((leg) => !isOver(leg)),
  }))
}

/** Who is at one end of a leg: a number, a phone in somebody's hand, a softphone, or the application that it asks. */
export function partyWords(address: string, number: (e164: string) => string): string {
  const identity = address.startsWith('client:') ? address.slice('client:'.length) : null
  const held = identity?.match(/^phone_(\d+)$/)?.[1]
  if (held) return number(`+${held}`)
  if (identity !== null) return 'Softphone'
  return address ? number(address) : 'application'
}

/** What is at the leg's other end, in words. */
export function farWords(leg: Leg): string {
  if (leg.far === 'phone') return 'a simulated phone'
  if (leg.far.startsWith('client:phone_')) return 'a phone in somebody’s hand'
  if (leg.far.startsWith('client:')) return 'a browser’s softphone'
  return 'another leg here'
}
