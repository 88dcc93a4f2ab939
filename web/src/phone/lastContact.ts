//! When we last had to do with a caller, and how it went: what an agent wants to know before saying hello.
import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { Call, Offer, Page } from '@/api/types'

/** The call before this one, with the same contact or, where there is none, the same number. */
export const lastContactQuery = (offer: Offer) =>
  queryOptions({
    queryKey: ['calls', 'phone', 'last', offer.id],
    queryFn: async ({ signal }) => {
      const who = offer.contact ? { contact: offer.contact.id } : { party: offer.from_number }
      const page = await api.get<Page<Call>>('/calls', { ...who, limit: 2 }, signal)
      return page.items.find((call) => call.id !== offer.call_id) ?? null
    },
    enabled: Boolean(offer.contact) || offer.from_number.startsWith('+'),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** `Talked with Ana`, `Left a voicemail`, `Gave up waiting`. */
export function lastContactWords(call: Call): string {
  const agent = call.agent?.name.split(' ')[0]
  if (call.outcome === 'voicemail') return 'Left a voicemail'
  if (call.outcome === 'answered') return agent ? `Talked with ${agent}` : 'Talked with us'
  if (call.outcome === 'forwarded') return 'Was forwarded'
  if (call.direction === 'outbound') return agent ? `${agent} called, no answer` : 'We called, no answer'
  return call.outcome === 'abandoned' ? 'Gave up waiting' : 'Was not answered'
}
