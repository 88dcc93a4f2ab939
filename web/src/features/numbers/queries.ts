//! What the pages about numbers ask of the server.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { Agent, Page } from '@/api/types'
import type { Queue } from '@/features/queues/queue'
import type { CallerId, Country, Importable, Order, OurNumber, Search } from './shapes'

export const numbersKey = ['numbers'] as const

export function useNumbers() {
  return useQuery({
    queryKey: numbersKey,
    queryFn: ({ signal }) => api.get<Page<OurNumber>>('/numbers', { limit: 200 }, signal),
  })
}

export function useCountries() {
  return useQuery({
    queryKey: ['number-countries'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Country[] }>('/numbers/countries', undefined, signal)).items,
    staleTime: 60 * 60_000,
    retry: false,
  })
}

export interface Wanted {
  country: string
  type: string
  contains: string
  area_code: string
  locality: string
  sms: boolean
}

/** What is for sale changes by the minute: never older than this look. */
export function useAvailable(wanted: Wanted, enabled: boolean) {
  return useQuery({
    queryKey: ['number-search', wanted],
    queryFn: ({ signal }) =>
      api.get<Search>('/numbers/available', { ...wanted, sms: wanted.sms || undefined }, signal),
    enabled,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
    placeholderData: (known) => known,
  })
}

export const ordersKey = ['number-orders'] as const
const ORDER_PULSE_MS = 1_500

/** Purchases on their way; asked again until each is settled. */
export function useOrders(enabled = true) {
  return useQuery({
    queryKey: ordersKey,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Order[] }>('/numbers/orders', undefined, signal)).items,
    enabled,
    refetchInterval: (query) => (query.state.data?.some(isOpen) ? ORDER_PULSE_MS : false),
  })
}

export function isOpen(order: Order): boolean {
  return order.state === 'buying' || order.state === 'unknown'
}

export function useImportable() {
  return useQuery({
    queryKey: ['numbers', 'importable'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Importable[] }>('/numbers/importable', undefined, signal)).items,
    staleTime: 0,
    retry: false,
  })
}

export const callerIdsKey = ['caller-ids'] as const

export function useCallerIds(pulse: number | false = false, enabled = true) {
  return useQuery({
    queryKey: callerIdsKey,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: CallerId[] }>('/caller-ids', undefined, signal)).items,
    refetchInterval: pulse,
    enabled,
    retry: false,
  })
}

export function useQueues() {
  return useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => api.get<Page<Queue>>('/queues', { limit: 200 }, signal),
  })
}

export function useAgents() {
  return useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', { limit: 200 }, signal),
  })
}
