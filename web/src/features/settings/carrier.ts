//! The carrier account as the API tells and takes it: secrets go in and never come out.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'

export interface Carrier {
  connected: boolean
  account_sid: string | null
  has_auth_token: boolean
  api_key_sid: string | null
  has_api_key_secret: boolean
  twiml_app_sid: string | null
  /** Null is the US. */
  region: string | null
  api_base_url: string | null
  signaling_url: string | null
  webhooks: WebhookAddresses
}

export interface WebhookAddresses {
  number_voice: string
  number_status: string
  app_voice: string
  app_status: string
}

export interface Verdict {
  ok: boolean
  checks: { name: string; ok: boolean; detail: string; cure: string | null }[]
}

export const carrierKey = ['carrier'] as const

export function useCarrier() {
  return useQuery({
    queryKey: carrierKey,
    queryFn: ({ signal }) => api.get<Carrier>('/carrier', undefined, signal),
  })
}

export const testCarrier = () => api.post<Verdict>('/carrier/test')
