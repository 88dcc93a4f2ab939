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

export async function getCall(id: string, signal?: AbortSignal): Promise<Call> {
  const call = await api.get<Call & { recordings?: { status: string }[] }>(at(id), undefined, signal)
  return {
    ...call,
    customer_status: call.legs?.find((leg) => leg.role === 'customer')?.status ?? null,
    recording:
      call.phase === 'connected' && Boolean(call.recordings?.some((r) => r.status === 'in-progress')),
  }
}

export const listOffers = () => api.get<Page<Offer>>('/offers')

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
  api.post<Call | { call: Call }>('/calls', call, { 'Idempotency-Key': key })

export const hangUp = (id: string) => api.post<void>(`${at(id)}/hangup`)

export const holdCall = (id: string, on: boolean) => api.post<void>(`${at(id)}/${on ? 'hold' : 'resume'}`)

export const patchCall = (id: string, change: { note?: string; disposition?: string; wrap_up?: 'done' }) =>
  api.patch<Call>(at(id), change)
