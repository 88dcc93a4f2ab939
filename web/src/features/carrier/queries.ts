//! What the pages ask about the account at the carrier.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { toast } from '@/ui/toast'
import type { Account, Carrier, DriftReport, Rotation, Verdict } from './shapes'

export const carrierKey = ['carrier'] as const
export const accountsKey = ['carrier', 'accounts'] as const
export const driftKey = ['carrier-drift'] as const
export const rotationKey = ['carrier-rotation'] as const

export function useCarrier() {
  return useQuery({
    queryKey: carrierKey,
    queryFn: ({ signal }) => api.get<Carrier>('/carrier', undefined, signal),
  })
}

export function useAccounts() {
  return useQuery({
    queryKey: accountsKey,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Account[] }>('/carrier/accounts', undefined, signal)).items,
  })
}

export const testCarrier = () => api.post<Verdict>('/carrier/test')

/** Reads the account at the carrier: asked for by the pages that show it, never by the clock. */
export function useDrift(enabled: boolean) {
  return useQuery({
    queryKey: driftKey,
    queryFn: ({ signal }) => api.get<DriftReport>('/carrier/drift', undefined, signal),
    enabled,
    staleTime: 5 * 60_000,
    retry: false,
  })
}

export function useRepair() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (items: string[] | undefined) =>
      api.post<DriftReport>('/carrier/repair', items ? { items } : {}),
    onSuccess: (report, items) => {
      cache.setQueryData(driftKey, report)
      const left = report.items.filter((item) => !item.ok && (!items || items.includes(item.id)))
      if (left.length === 0) toast('Repaired', { tone: 'good' })
      else toast(left[0]?.problem ?? 'It could not be repaired', { tone: 'bad' })
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
}

const ROTATION_PULSE_MS = 1_500

export function isTurning(rotation: Rotation | undefined): boolean {
  return rotation !== undefined && !['none', 'done', 'failed'].includes(rotation.state)
}

export function useRotation() {
  return useQuery({
    queryKey: rotationKey,
    queryFn: ({ signal }) => api.get<Rotation>('/carrier/rotation', undefined, signal),
    refetchInterval: (query) => (isTurning(query.state.data) ? ROTATION_PULSE_MS : false),
  })
}
