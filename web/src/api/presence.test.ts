import { expect, it } from 'vitest'
import { keepPresence, presenceKey } from './presence'
import { queryClient } from './queries'
import type { Presence } from './types'

const presence = (state: Presence['state']) => ({ state, since: '2026-11-20T10:00:00Z' }) as Presence

it('what an event told is not undone by an answer that was asked for before it', async () => {
  queryClient.setQueryData(presenceKey, presence('offline'))
  let answer = (_: Presence) => {}
  const asked = queryClient
    .fetchQuery({
      queryKey: presenceKey,
      queryFn: () => new Promise<Presence>((resolve) => (answer = resolve)),
      staleTime: 0,
    })
    .catch(() => {})
  keepPresence(presence('available'))
  answer(presence('offline'))
  await asked
  await new Promise((resolve) => setTimeout(resolve))
  expect(queryClient.getQueryData<Presence>(presenceKey)?.state).toBe('available')
  expect(queryClient.getQueryState(presenceKey)?.fetchStatus).toBe('idle')
})
