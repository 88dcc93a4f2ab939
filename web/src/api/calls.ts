//! Calls and offers: what the phone and the pages ask of the server.
import { api } from './client'
import type { Call, Offer, Page, SoftphoneToken } from './types'

export const callKeys = {
  all: ['calls'] as const,
  list: (filters: Record<string, unknown>) => ['calls', filters] as const,
  one: (id: string) => ['call', id] as const,
}

const at = (id: string) => `/calls/${encodeURIComponent(id)}`

export const softphoneToken = () => api.post<SoftphoneToken>('/softphone/token')

export const getCall = (id: string, signal?: AbortSignal) => api.get<Call>(at(id), undefined, signal)

/** An offer as the server tells it: the list has the call inside, the event beside it. */
export interface ToldOffer {
  id: string
  offered_at: string
  expires_at: string
}

export function offerOf(told: ToldOffer, call: Call): Offer {
  return {
    id: told.id,
    call_id: call.id,
    from_number: call.from_number,
    to_number: call.to_number,
    contact: call.contact,
    queue: call.queue,
    waiting_since: call.waiting_since ?? call.started_at,
    offered_at: told.offered_at,
    expires_at: told.expires_at,
  }
}

export async function listOffers(): Promise<Offer[]> {
  const page = await api.get<Page<ToldOffer & { call: Call }>>('/offers')
  return page.items.map((told) => offerOf(told, told.call))
}

/** The call that I took or made last. */
export async function myLastCall(): Promise<Call | null> {
  const page = await api.get<Page<Call>>('/calls', { agent: 'me', limit: 1 })
  return page.items[0] ?? null
}

/** The call that I am in at this moment, on any device. */
export async function myLiveCall(): Promise<Call | null> {
  const page = await api.get<Page<Call>>('/calls', { agent: 'me', status: 'in-progress,ringing', limit: 1 })
  const first = page.items[0]
  return first ? getCall(first.id) : null
}

export const acceptOffer = (id: string) =>
  api.post<{ call: Call }>(`/offers/${encodeURIComponent(id)}/accept`)

export const declineOffer = (id: string) => api.post<void>(`/offers/${encodeURIComponent(id)}/decline`)

/** One key for each click: the same click sent twice makes one call. */
export const startCall = (call: { to: string; from?: string; contact_id?: string }, key: string) =>
  api.post<Call>('/calls', call, { 'Idempotency-Key': key })

export const hangUp = (id: string) => api.post<void>(`${at(id)}/hangup`)

export const holdCall = (id: string, on: boolean) => api.post<void>(`${at(id)}/${on ? 'hold' : 'resume'}`)

export const patchCall = (id: string, change: { note?: string; disposition?: string; draft?: boolean }) =>
  api.patch<Call>(at(id), change)
