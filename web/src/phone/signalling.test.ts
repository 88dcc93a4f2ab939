import { afterEach, expect, it } from 'vitest'
import { isSignalling, loadWithSignallingAt } from './signalling'

class Native {
  constructor(readonly address: string) {}
}
const page = globalThis as unknown as { WebSocket: unknown }
const before = page.WebSocket

afterEach(() => {
  page.WebSocket = before
})

it('carries the SDK’s signalling to the sandbox, and nothing else', async () => {
  page.WebSocket = Native
  // As the SDK does: the constructor is captured while the module is evaluated.
  const Captured = await loadWithSignallingAt(
    'ws://localhost:8081/signal',
    async () => page.WebSocket as typeof Native,
  )
  expect(new Captured('wss://voice-js.roaming.twilio.com/signal').address).toBe('ws://localhost:8081/signal')
  expect(new Captured('wss://app.example/api/v1/events').address).toBe('wss://app.example/api/v1/events')
  expect(page.WebSocket).toBe(Native)
})

it('leaves the real carrier’s address alone', async () => {
  page.WebSocket = Native
  const Captured = await loadWithSignallingAt(undefined, async () => page.WebSocket as typeof Native)
  expect(Captured).toBe(Native)
})

it('knows signalling by its scheme and path', () => {
  expect(['wss://a.b/signal', 'ws://a.b/signal', 'wss://a.b/signals', 'nonsense'].map(isSignalling)).toEqual([
    true,
    false,
    false,
    false,
  ])
})
