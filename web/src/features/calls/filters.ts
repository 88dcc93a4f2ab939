//! The list's filters, as the address holds them.

export interface CallFilters {
  show?: 'missed' | 'in' | 'out' | 'live'
  agent?: string
  q?: string
  from?: string
  to?: string
}

const SHOW = ['missed', 'in', 'out', 'live'] as const

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined
const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined

/** Anything may stand in an address: what does not fit is left out. */
export function readFilters(search: Record<string, unknown>): CallFilters {
  return {
    show: SHOW.find((each) => each === search.show),
    agent: text(search.agent),
    q: text(typeof search.q === 'number' ? String(search.q) : search.q),
    from: day(search.from),
    to: day(search.to),
  }
}

export function hasFilters(filters: CallFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined)
}

/** The days are the reader's days, the server's times are UTC. */
export function toQuery(filters: CallFilters): Record<string, string | undefined> {
  const shown: Record<NonNullable<CallFilters['show']>, Record<string, string>> = {
    missed: { direction: 'inbound', status: 'no-answer,busy,failed,canceled' },
    in: { direction: 'inbound' },
    out: { direction: 'outbound' },
    live: { status: 'queued,initiated,ringing,in-progress' },
  }
  return {
    ...(filters.show ? shown[filters.show] : {}),
    agent: filters.agent,
    q: filters.q,
    from: filters.from && new Date(`${filters.from}T00:00:00`).toISOString(),
    to: filters.to && new Date(`${filters.to}T23:59:59.999`).toISOString(),
  }
}
