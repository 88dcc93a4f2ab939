//! A number's route in one sentence, and as the form edits it.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type Overflow = Schemas['OverflowView']
export type Destination = Schemas['DestinationView']
export type Route = Schemas['RouteView']
export type OurNumber = Schemas['NumberView']

export interface Names {
  queue: (id: string) => string
  agent: (id: string) => string
  phone: (number: string) => string
}

/** "Rings everybody in Support; nobody there: voicemail." */
export function routeSentence(route: Route, names: Names): string {
  const first = destinationWords(route.to, names)
  if (route.to.kind === 'voicemail' || !route.overflow) return `${first}.`
  return `${first}; nobody takes it: ${overflowWords(route.overflow, names)}.`
}

function destinationWords(to: Destination, names: Names): string {
  switch (to.kind) {
    case 'queue':
      return `Waits in ${names.queue(to.queue)} and rings its agents`
    case 'ring_agents':
      return `Rings ${list(to.agents.map(names.agent))}`
    case 'forward':
      return `Goes on to ${names.phone(to.to)}`
    case 'voicemail':
      return 'Goes straight to voicemail'
  }
}

export function overflowWords(overflow: Overflow, names: Names): string {
  switch (overflow.kind) {
    case 'voicemail':
      return 'voicemail'
    case 'forward':
      return `goes on to ${names.phone(overflow.to)}`
    case 'hang_up':
      return 'a polite word and the end'
  }
}

function list(words: string[]): string {
  if (words.length === 0) return 'nobody'
  if (words.length <= 3) return words.join(words.length === 2 ? ' and ' : ', ')
  return `${words.slice(0, 2).join(', ')} and ${words.length - 2} more`
}
