//! What the idle phone looks up: contacts by name, our own numbers, the numbers dialled last.
import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { Call, Contact, Page, PhoneNumber } from '@/api/types'

export const contactsQuery = (q: string) =>
  queryOptions({
    queryKey: ['contacts', 'phone', q],
    queryFn: ({ signal }) => api.get<Page<Contact>>('/contacts', { q, limit: 8 }, signal),
    placeholderData: (known) => known,
  })

export const numbersQuery = queryOptions({
  queryKey: ['numbers', 'phone'],
  queryFn: async ({ signal }) => {
    const page = await api.get<Page<PhoneNumber>>('/numbers', { limit: 200 }, signal)
    // The organization's first number is the one that is shown by default.
    return page.items.reverse()
  },
  staleTime: 5 * 60_000,
})

const LAST = 5

export const recentQuery = queryOptions({
  queryKey: ['calls', 'phone', 'recent'],
  queryFn: ({ signal }) =>
    api.get<Page<Call>>('/calls', { agent: 'me', direction: 'outbound', limit: 25 }, signal),
  select: (page) => {
    const seen = new Set<string>()
    return page.items.filter((call) => !seen.has(call.to_number) && seen.add(call.to_number)).slice(0, LAST)
  },
})

/** What a call can have meant, in the organization's own words. */
export const dispositionsQuery = queryOptions({
  queryKey: ['organization', 'dispositions'],
  queryFn: async ({ signal }) =>
    (await api.get<{ dispositions: string[] }>('/organization', undefined, signal)).dispositions,
  staleTime: 5 * 60_000,
})
