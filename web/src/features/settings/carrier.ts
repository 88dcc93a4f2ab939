//! The carrier account as the API tells and takes it: secrets go in and never come out.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { components } from '@/api/generated'

export type Carrier = components['schemas']['CarrierView']
export type WebhookAddresses = components['schemas']['Webhooks']
export type Verdict = components['schemas']['Verdict']

export const carrierKey = ['carrier'] as const

export function useCarrier() {
  return useQuery({
    queryKey: carrierKey,
    queryFn: ({ signal }) => api.get<Carrier>('/carrier', undefined, signal),
  })
}

export const testCarrier = () => api.post<Verdict>('/carrier/test')
