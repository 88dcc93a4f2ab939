//! The query cache, the only home of what the server said.
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Live events keep the cache true; a refetch on focus is the net below.
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      networkMode: 'always',
      retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 2,
      retryDelay: (failures) => Math.min(4000, 500 * 2 ** failures),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
