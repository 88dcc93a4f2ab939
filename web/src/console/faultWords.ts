//! What the switches of misbehaviour are called, in the order in which they are shown.

export interface Switch {
  group: string
  name: string
  label: string
  /** A span in milliseconds; otherwise a chance, shown in per cent. */
  span?: boolean
}

export const SWITCHES: readonly { title: string; switches: readonly Switch[] }[] = [
  {
    title: 'Webhooks',
    switches: [
      { group: 'webhooks', name: 'duplicated', label: 'Come twice' },
      { group: 'webhooks', name: 'reordered', label: 'Come after later ones' },
      { group: 'webhooks', name: 'delayed', label: 'Come late' },
      { group: 'webhooks', name: 'delay', label: 'How late at most', span: true },
      { group: 'webhooks', name: 'dropped', label: 'Never come (callbacks)' },
      { group: 'webhooks', name: 'stalled', label: 'Their answer is lost' },
      { group: 'webhooks', name: 'forged', label: 'A forgery comes with them' },
      { group: 'webhooks', name: 'wrongly_signed', label: 'Are signed with a wrong token' },
    ],
  },
  {
    title: 'REST',
    switches: [
      { group: 'rest', name: 'too_many', label: 'Refused with 429' },
      { group: 'rest', name: 'server_error', label: 'Fails with 500' },
      { group: 'rest', name: 'reset', label: 'The connection breaks' },
      { group: 'rest', name: 'slow', label: 'Answers slowly' },
      { group: 'rest', name: 'slowness', label: 'How slowly at most', span: true },
      { group: 'rest', name: 'answer_lost', label: 'Done, but the answer is lost' },
    ],
  },
  {
    title: 'Softphones and recordings',
    switches: [
      { group: 'sockets', name: 'dropped', label: 'Signalling breaks in a call' },
      { group: 'sockets', name: 'after', label: 'How long after the answer', span: true },
      { group: 'media', name: 'loss', label: 'Packets of sound are lost' },
      { group: 'media', name: 'jitter', label: 'Packets are late by at most', span: true },
      { group: 'media', name: 'one_way', label: 'Sound goes one way only' },
      { group: 'recordings', name: 'late', label: 'Recordings come late' },
      { group: 'recordings', name: 'lateness', label: 'How late at most', span: true },
      { group: 'recordings', name: 'never', label: 'Recordings never come' },
    ],
  },
]

/** A switch's value as the field shows it: per cent or milliseconds. */
export const shownValue = (each: Switch, value: number): number =>
  each.span ? value : Math.round(value * 1000) / 10

/** What was typed, as the sandbox takes it; null for what it would refuse. */
export function takenValue(each: Switch, typed: number | string): number | null {
  const number = typeof typed === 'number' ? typed : Number.NaN
  if (!Number.isFinite(number) || number < 0) return null
  if (each.span) return number <= 600_000 ? Math.round(number) : null
  return number <= 100 ? number / 100 : null
}

/** What struck, in words. */
export function switchWords(name: string): string {
  const all = SWITCHES.flatMap((section) => section.switches)
  return all.find((each) => `${each.group}.${each.name}` === name)?.label ?? name
}
