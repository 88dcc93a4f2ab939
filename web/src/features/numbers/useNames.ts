//! Queues and agents by id, for sentences and choices.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import { useSession } from '@/api/session'
import type { Agent, Page } from '@/api/types'
import type { Queue } from '@/features/queues/queue'
import { phoneNumber } from '@/lib/phoneNumbers'
import type { Names } from './routes'

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

export function useNames(): Names {
  const { organization } = useSession()
  const queues = useQueues()
  const agents = useAgents()
  return {
    queue: (id) => queues.data?.items.find((queue) => queue.id === id)?.label ?? 'a queue',
    agent: (id) => agents.data?.items.find((agent) => agent.id === id)?.name ?? 'an agent',
    phone: (number) => phoneNumber(number, organization.country),
  }
}
