//! The line's tokens: renewed in good time for as long as the page is open, whatever slows its timers down.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SoftphoneToken } from '@/api/types'
import type { LineReport } from './line'
import { TwilioLine } from './twilio'

const sdk = vi.hoisted(() => {
  type Listener = (...args: unknown[]) => void
  class Emitter {
    private readonly listeners = new Map<string, Listener[]>()
    on(event: string, listener: Listener) {
      this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener])
    }
    emit(event: string, ...args: unknown[]) {
      for (const listener of this.listeners.get(event) ?? []) listener(...args)
    }
  }
  class Call extends Emitter {
    disconnect() {
      this.emit('disconnect')
    }
  }
  class Device extends Emitter {
    static isSupported = true
    static newest: Device
    audio = null
    state = 'unregistered'
    destroyed = false
    readonly tokens: string[]
    constructor(token: string) {
      super()
      this.tokens = [token]
      Device.newest = this
    }
    async register() {
      this.state = 'registered'
      this.emit('registered')
    }
    updateToken(token: string) {
      this.tokens.push(token)
    }
    async connect() {
      return new Call()
    }
    destroy() {
      this.destroyed = true
    }
  }
  return { Device }
})
vi.mock('@twilio/voice-sdk', () => sdk)
vi.mock('./sdkSounds', () => ({ SOUNDS: {} }))

const HOUR = 3_600_000
const MINUTE = 60_000

let now: number
let asked: number
let failing: boolean
let reports: LineReport[]
let line: TwilioLine

async function token(): Promise<SoftphoneToken> {
  if (failing) throw new TypeError('Failed to fetch')
  asked += 1
  const expires_at = new Date(now + HOUR).toISOString()
  return { token: `token ${asked}`, identity: 'ana', expires_at } as SoftphoneToken
}

/** Lets a page's time go by; its pulse comes so often. */
async function pass(milliseconds: number, every = 5_000): Promise<void> {
  const end = now + milliseconds
  while (now < end) {
    now += Math.min(every, end - now)
    line.tick(now)
    await vi.advanceTimersByTimeAsync(0)
  }
}

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('window', { isSecureContext: true })
  vi.stubGlobal('navigator', { onLine: true, mediaDevices: {} })
  now = Date.parse('2026-11-20T09:00:00Z')
  asked = 0
  failing = false
  reports = []
  line = new TwilioLine(
    token,
    (report) => reports.push(report),
    () => now,
  )
  await line.start()
})
afterEach(() => {
  line.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('T-token-refresh', () => {
  it('renews before the end of every hour of a day, on the same device', async () => {
    const device = sdk.Device.newest
    await pass(47 * MINUTE)
    expect(device.tokens).toEqual(['token 1'])
    await pass(2 * MINUTE)
    expect(device.tokens).toEqual(['token 1', 'token 2'])
    await pass(8 * HOUR)
    expect(device.tokens).toHaveLength(12)
    expect(device.destroyed).toBe(false)
    expect(reports.filter((report) => report.type === 'device' && report.state === 'problem')).toEqual([])
  })

  it('renews at the first pulse after a page slept past the end', async () => {
    const device = sdk.Device.newest
    await pass(3 * HOUR, 3 * HOUR)
    expect(device.tokens).toEqual(['token 1', 'token 2'])
    device.state = 'unregistered'
    await pass(3 * HOUR, 3 * HOUR)
    expect(device.tokens).toHaveLength(3)
    expect(device.state).toBe('registered')
  })

  it('does not disturb a call, but gives the SDK a new token when it asks during one', async () => {
    const device = sdk.Device.newest
    line.join('call_1')
    await vi.advanceTimersByTimeAsync(0)
    await pass(59 * MINUTE)
    expect(device.tokens).toHaveLength(1)
    device.emit('tokenWillExpire')
    await vi.advanceTimersByTimeAsync(0)
    expect(device.tokens).toEqual(['token 1', 'token 2'])
    expect(reports.at(-1)).toMatchObject({ type: 'line', state: 'joining' })
  })

  it('asks again soon when the server was away, and is not given up meanwhile', async () => {
    const device = sdk.Device.newest
    failing = true
    await pass(49 * MINUTE)
    expect(device.tokens).toHaveLength(1)
    failing = false
    await pass(20_000)
    expect(device.tokens).toEqual(['token 1', 'token 2'])
    expect(reports.at(-1)).toMatchObject({ type: 'device', state: 'ready' })
  })

  it('takes a new token when the old one is refused, and says so when that is refused as well', async () => {
    const device = sdk.Device.newest
    device.emit('error', { code: 20104 })
    await vi.advanceTimersByTimeAsync(0)
    expect(device.tokens).toEqual(['token 1', 'token 2'])
    device.emit('error', { code: 20104 })
    expect(reports.at(-1)).toMatchObject({ type: 'device', state: 'problem', problem: 'token' })
  })
})
