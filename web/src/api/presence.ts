//! The signed-in agent's own presence, and choosing it.
import { queryOptions } from '@tanstack/react-query'
import { api } from './client'
import { queryClient } from './queries'
import { sessionKey, sessionQuery } from './session'
import type { Presence, Session } from './types'

export const presenceKey = ['my-presence'] as const

/** Begins with what `GET /me` said; live events keep it true. */
export const availabilityQuery = queryOptions({
  queryKey: presenceKey,
  queryFn: async (): Promise<Presence> => {
    const session = await api.get<Session>('/me')
    return session.presence ?? { state: 'offline' }
  },
  initialData: () => queryClient.getQueryData<Session>(sessionQuery.queryKey)?.presence,
  initialDataUpdatedAt: () => queryClient.getQueryState(sessionKey)?.dataUpdatedAt,
})

export async function setAvailability(choice: {
  state: 'available' | 'away'
  reason?: string
}): Promise<void> {
  const presence = await api.put<Presence>('/me/availability', choice)
  keepPresence(presence)
}

/** An answer that is still on its way was read before this was told: it would bring the old state back. */
export function keepPresence(presence: Presence): void {
  void queryClient.cancelQueries({ queryKey: presenceKey })
  queryClient.setQueryData<Presence>(presenceKey, (known) => ({ ...known, ...presence }))
}
