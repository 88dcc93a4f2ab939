//! Who is signed in: log-in, log-out, the first run, and the demo's people.
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { api, keepCsrf, keepTabToken } from './client'
import { ApiError } from './errors'
import { queryClient } from './queries'
import type { Demo, Permission, Session, SignedIn } from './types'

export const sessionKey = ['me'] as const

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async () => {
    const session = await api.get<Session>('/me')
    keepCsrf(session.csrf)
    return session
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

/** Whether the person's role allows it, as the server says; what it does not allow has no button. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}

/** The demo's log-ins and phones; null in every other installation. */
export function useDemo() {
  return useQuery({
    queryKey: ['demo'],
    queryFn: async () => {
      try {
        return await api.get<Demo>('/demo')
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) return null
        throw error
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export interface Credentials {
  email: string
  password: string
}

/** Signs in. In the demo the token stays in this tab, so that two agents can sit side by side in one browser. */
export async function signIn(credentials: Credentials, forThisTab: boolean): Promise<void> {
  keepTabToken(null)
  const signedIn = await api.post<SignedIn>('/session', credentials)
  begin(signedIn, forThisTab)
}

export function begin(signedIn: SignedIn, forThisTab: boolean): void {
  queryClient.clear()
  if (forThisTab) keepTabToken(signedIn.token)
  keepCsrf(signedIn.csrf)
}

export async function signOut(): Promise<void> {
  try {
    await api.delete('/session')
  } finally {
    keepTabToken(null)
    keepCsrf(undefined)
    queryClient.clear()
  }
}
