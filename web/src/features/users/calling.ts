//! An agent's calling settings as the API tells and takes them.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { components } from '@/api/generated'

export type Calling = components['schemas']['CallingView']

export const callingKey = (agent: string) => ['calling', agent] as const

export function useCalling(agent: string) {
  return useQuery({
    queryKey: callingKey(agent),
    queryFn: ({ signal }) => api.get<Calling>(`/agents/${agent}/calling`, undefined, signal),
    staleTime: 0,
  })
}
