import { describe, expect, it } from 'vitest'
import { Live, type LiveDoors, type LiveEvent, type LiveSocket, type PollAnswer } from './live'

class FakeSocket implements LiveSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event?: { code: number }) => void) | null = null
  sent: string[] = []
  closed = false
  constructor(readonly cursor: string | null) {}
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.closed = true
  }
  frame(type: string, cursor: string, data: unknown = {}) {
    this.onmessage?.({ data: JSON.stringify({ type, cursor, at: '2026-11-20T10:00:00Z', data }) })
  }
}

/** A stream between a fake server and a listener; timers run only when the test says so. */
function stage(options: { token?: string; poll?: () => Promise<PollAnswer> } = {}) {
  const sockets: FakeSocket[] = []
  const timers: { run: () => void; ms: number }[] = []
  const events: string[] = []
  const states: string[] = []
  let resets = 0
  const doors: LiveDoors = {
    open: (cursor) => {
      const socket = new FakeSocket(cursor)
      sockets.push(socket)
      return socket
    },
    poll: options.poll ?? (() => Promise.reject(new Error('no poll'))),
    token: () => options.token ?? null,
    online: () => true,
    after: (ms, run) => {
      const timer = { run, ms }
      timers.push(timer)
      return () => {
        const at = timers.indexOf(timer)
        if (at >= 0) timers.splice(at, 1)
      }
    },
    random: () => 1,
  }
  const live = new Live(doors, {
    event: (event: LiveEvent) => events.push(event.cursor),
    reset: () => {
      resets += 1
    },
    state: (state) => states.push(state),
    heard: () => {},
    signedOut: () => states.push('signed out'),
  })
  const socket = () => sockets[sockets.length - 1] as FakeSocket
  const elapse = () => {
    const timer = timers.shift()
    timer?.run()
    return timer?.ms
  }
  return { live, sockets, socket, events, states, timers, elapse, resets: () => resets }
}

describe('the event stream', () => {
  it('begins now, loads the lists once it is connected, and hands events on', () => {
    const s = stage()
    s.live.start()
    expect(s.socket().cursor).toBeNull()
    s.socket().frame('hello', '10')
    s.socket().frame('presence', '11')
    expect([s.resets(), s.events, s.states.at(-1)]).toEqual([1, ['11'], 'live'])
  })

  it('comes back with its cursor, so that nothing is missed and nothing loaded again', () => {
    const s = stage()
    s.live.start()
    s.socket().frame('hello', '10')
    s.socket().frame('presence', '11')
    s.socket().onclose?.()
    s.elapse()
    expect(s.socket().cursor).toBe('11')
    s.socket().frame('hello', '14')
    s.socket().frame('presence', '12')
    s.socket().frame('presence', '13')
    expect(s.events).toEqual(['11', '12', '13'])
    expect(s.resets()).toBe(1)
  })

  it('keeps the cursor of the last event, not of the greeting, until the gap is filled', () => {
    const s = stage()
    s.live.start()
    s.socket().frame('hello', '10')
    s.socket().onclose?.()
    s.elapse()
    s.socket().frame('hello', '20')
    s.socket().onclose?.()
    s.elapse()
    expect(s.socket().cursor).toBe('10')
  })

  it('loads everything again when the server says that the cursor is too old', () => {
    const s = stage()
    s.live.start()
    s.socket().frame('hello', '10')
    s.socket().frame('reset', '900')
    expect(s.resets()).toBe(2)
    s.socket().onclose?.()
    s.elapse()
    expect(s.socket().cursor).toBe('900')
  })

  it('waits longer after each failure, and not at all once the network is back', () => {
    const s = stage({ poll: () => new Promise(() => {}) })
    s.live.start()
    s.socket().frame('hello', '10')
    s.socket().onclose?.()
    expect(s.elapse()).toBe(300)
    s.socket().onclose?.()
    expect(s.elapse()).toBe(600)
    const before = s.sockets.length
    s.socket().onclose?.()
    s.live.wake()
    expect(s.sockets.length).toBe(before + 1)
  })

  it('says who it is in its first message where the log-in belongs to this tab', () => {
    const s = stage({ token: 'secret' })
    s.live.start()
    s.socket().onopen?.()
    expect(s.socket().sent).toEqual([JSON.stringify({ type: 'auth', token: 'secret' })])
  })

  it('ends for good when the server says that the session is over', () => {
    const s = stage()
    s.live.start()
    s.socket().frame('hello', '1')
    s.socket().onclose?.({ code: 4401 })
    expect([s.states.at(-1), s.timers.length, s.sockets.length]).toEqual(['signed out', 0, 1])
  })

  it('repeats how the device is at the beginning of every socket', () => {
    const s = stage()
    s.live.start()
    s.live.sendBeat('ready')
    expect(s.socket().sent).toEqual([])
    s.socket().frame('hello', '1')
    s.socket().onclose?.()
    s.elapse()
    s.socket().frame('hello', '2')
    expect(s.socket().sent).toEqual([JSON.stringify({ type: 'beat', device: 'ready' })])
  })

  it('asks by polling when sockets never get through', async () => {
    const answers: PollAnswer[] = [
      { events: [], cursor: '5' },
      { events: [{ cursor: '6', type: 'presence', at: '', data: {} }], cursor: '6' },
    ]
    const s = stage({ poll: async () => answers.shift() ?? { events: [], cursor: '6' } })
    s.live.start()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      s.socket().onclose?.()
      s.elapse()
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(s.states.at(-1)).toBe('polling')
    s.elapse()
    await new Promise((resolve) => setImmediate(resolve))
    expect(s.events).toEqual(['6'])
    expect(s.resets()).toBe(1)
  })
})
