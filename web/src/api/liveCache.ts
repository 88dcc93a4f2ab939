//! Live events into the query cache: rows change in place, and lists that may have gained a row are asked again.
import type { QueryKey } from '@tanstack/react-query'
import { callKeys } from './calls'
import type { LiveEvent } from './live'
import { keepPresence } from './presence'
import { queryClient } from './queries'
import { sessionKey } from './session'
import type { Agent, Call, Contact, NamedRef, Page, Presence, Session } from './types'

/** Which lists an event of each type may have changed; a page adds none of its own: the first word of its key is enough. */
const LISTS: Record<string, string[]> = {
  incoming_call: ['queues', 'calls'],
  offer_closed: ['queues'],
  presence: ['queues'],
  voicemail: ['voicemails'],
  message: ['conversations'],
  recording_available: ['calls'],
  transcript_ready: ['calls'],
  number: ['numbers'],
}

const LISTS_SETTLE_MS = 400
let stale = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

export function applyToCache(event: LiveEvent): void {
  if (event.type === 'call_status_update' || event.type === 'join') {
    keepCall(event.data.call)
  }
  if (event.type === 'recording_available' && event.data?.call_id) {
    void queryClient.invalidateQueries({ queryKey: callKeys.one(event.data.call_id) })
  }
  if (event.type === 'presence') keepAgentPresence(event.data)
  if (event.type === 'contact') keepContact(event.data)
  for (const list of LISTS[event.type] ?? []) askAgain(list)
}

/** What the lists of others show of a call, last told: most steps of a call's legs change nothing there. */
const standing = new Map<string, string>()
const STANDING_AT_MOST = 500

function moved(call: Call): boolean {
  const before = standing.get(call.id)
  const now = [call.status, call.phase, call.agent?.id].join(' ')
  standing.delete(call.id)
  standing.set(call.id, now)
  const oldest = standing.keys().next().value
  if (standing.size > STANDING_AT_MOST && oldest) standing.delete(oldest)
  return before !== now
}

/** After a reset nothing in the cache can be trusted. */
export function reloadEverything(): void {
  void queryClient.invalidateQueries({
    predicate: (query) => query.queryKey[0] !== sessionKey[0] && query.queryKey[0] !== 'demo',
  })
}

function keepCall(call: Call): void {
  queryClient.setQueryData<Call>(callKeys.one(call.id), (known) =>
    known ? { ...known, ...call } : undefined,
  )
  let seen = false
  const inPlace = <T extends { items: Call[] }>(page: T): T => {
    if (!page.items.some((row) => row.id === call.id)) return page
    seen = true
    return { ...page, items: page.items.map((row) => (row.id === call.id ? { ...row, ...call } : row)) }
  }
  eachList<Call>('calls', inPlace)
  if (!moved(call)) return
  // Its page shows a timeline, too.
  void queryClient.invalidateQueries({ queryKey: callKeys.one(call.id) })
  if (!seen) askAgain('calls')
  askAgain('queues')
  askAgain('agents')
}

type ContactTold = { change: 'added' | 'changed' | 'removed'; id: string; contact: Contact | null }

/**
 * A changed contact is changed in place, with the name that calls show; where it stands by another name now, and one more or one less,
 * is asked for.
 */
function keepContact({ change, id, contact }: ContactTold): void {
  if (change !== 'changed' || !contact) return askAgain('contacts')
  queryClient.setQueryData<Contact>(['contact', id], (known) => known && contact)
  let renamed = false
  const inPlace = (row: Contact): Contact => {
    if (row.id !== id) return row
    renamed ||= row.name !== contact.name
    return { ...row, ...contact }
  }
  const named = (call: Call): Call => {
    if (call.contact?.id !== id) return call
    renamed ||= call.contact.name !== contact.name
    return { ...call, contact: { id, name: contact.name } }
  }
  eachList<Contact>('contacts', (page) => ({ ...page, items: page.items.map(inPlace) }))
  eachList<Call>('calls', (page) => ({ ...page, items: page.items.map(named) }))
  if (!renamed) return
  askAgain('contacts')
  askAgain('voicemails')
}

function keepAgentPresence({ agent, presence }: { agent: NamedRef; presence: Presence }): void {
  if (queryClient.getQueryData<Session>(sessionKey)?.user.id === agent.id) keepPresence(presence)
  eachList<Agent>('agents', (page) => ({
    ...page,
    items: page.items.map((row) => (row.id === agent.id ? { ...row, presence } : row)),
  }))
}

type Pages<T> = { pages: Page<T>[] }

/** Lists are kept as one page or as the pages of an endless list. */
function eachList<T>(first: string, change: (page: Page<T>) => Page<T>): void {
  queryClient.setQueriesData<Page<T> | Pages<T>>({ queryKey: [first] as QueryKey }, (known) => {
    if (!known) return known
    if ('pages' in known) return { ...known, pages: known.pages.map(change) }
    return 'items' in known ? change(known) : known
  })
}

function askAgain(list: string): void {
  stale.add(list)
  if (timer !== undefined) return
  timer = setTimeout(() => {
    const lists = stale
    stale = new Set()
    timer = undefined
    for (const first of lists) void queryClient.invalidateQueries({ queryKey: [first] })
  }, LISTS_SETTLE_MS)
}
