//! How far the organization is: the server's facts, so that nothing is asked twice.
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { SetupProgress } from './shapes'

export const progressKey = ['setup-progress'] as const

export function useProgress(pulse: number | false = false) {
  return useQuery({
    queryKey: progressKey,
    queryFn: ({ signal }) => api.get<SetupProgress>('/setup-progress', undefined, signal),
    refetchInterval: pulse,
  })
}
