//! The event stream with a cursor: a client that comes back misses nothing and repeats nothing.

export interface LiveEvent {
  cursor: string
  type: string
  at: string
  // biome-ignore lint/suspicious/noExplicitAny: each listener narrows the data of the types that it names.
  data: any
}

export type LiveState = 'connecting' | 'live' | 'polling' | 'offline'

export interface LiveSocket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: string }) => void) | null
  onclose: ((event?: { code: number }) => void) | null
}

export interface PollAnswer {
  events: LiveEvent[]
  cursor: string
  reset?: boolean
}

/** Everything outside that the stream needs; a test gives its own. */
export interface LiveDoors {
  open(cursor: string | null): LiveSocket
  poll(cursor: string | null): Promise<PollAnswer>
  token(): string | null
  online(): boolean
  after(milliseconds: number, run: () => void): () => void
  random(): number
}

export interface LiveListeners {
  event(event: LiveEvent): void
  /** Load everything again: the first frame of a new cursor, or a cursor that the server no longer knows. */
  reset(): void
  state(state: LiveState): void
  /** The session is over: only a log-in brings the stream back. */
  signedOut(): void
  /** The server's clock, as of a frame that has just arrived. */
  heard(at: string): void
}

const FIRST_RETRY_MS = 300
const LAST_RETRY_MS = 8_000
const POLL_MS = 2_000
const HELLO_WITHIN_MS = 8_000
const UNAUTHORIZED = 4401
/** After this many sockets in a row that never said hello, ask by polling and try a socket only now and then. */
const SOCKETS_BEFORE_POLLING = 2
const POLLS_BEFORE_SOCKET = 5

export class Live {
  private cursor: string | null = null
  private socket: LiveSocket | null = null
  private greeted = false
  private failures = 0
  private polls = 0
  private stopped = true
  private cancelTimer: () => void = () => {}
  private cancelHello: () => void = () => {}
  private beat: string | null = null

  constructor(
    private readonly doors: LiveDoors,
    private readonly listeners: LiveListeners,
  ) {}

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    this.connect()
  }

  stop(): void {
    this.stopped = true
    this.cancelTimer()
    this.drop()
  }

  /** The network came back, or the page was shown again: don't wait for the timer. */
  wake(): void {
    if (this.stopped || this.socket) return
    this.cancelTimer()
    this.failures = 0
    this.connect()
  }

  /** Says how the device is; remembered, so that a new socket begins with it. */
  sendBeat(device: string): void {
    this.beat = JSON.stringify({ type: 'beat', device })
    if (this.socket && this.greeted) this.socket.send(this.beat)
  }

  private connect(): void {
    this.listeners.state(this.doors.online() ? 'connecting' : 'offline')
    const socket = this.doors.open(this.cursor)
    this.socket = socket
    this.greeted = false
    socket.onopen = () => {
      const token = this.doors.token()
      if (token) socket.send(JSON.stringify({ type: 'auth', token }))
    }
    socket.onmessage = ({ data }) => this.receive(socket, JSON.parse(data) as LiveEvent)
    socket.onclose = (event) => {
      if (event?.code === UNAUTHORIZED) this.refused(socket)
      else this.closed(socket)
    }
    this.cancelHello = this.doors.after(HELLO_WITHIN_MS, () => {
      if (!this.greeted) this.closed(socket)
    })
  }

  private receive(socket: LiveSocket, frame: LiveEvent): void {
    if (socket !== this.socket) return
    if (frame.at) this.listeners.heard(frame.at)
    if (frame.type === 'hello') {
      const first = this.cursor === null
      this.greeted = true
      this.failures = 0
      this.cancelHello()
      if (first) this.cursor = frame.cursor
      this.listeners.state('live')
      if (this.beat) socket.send(this.beat)
      if (first) this.listeners.reset()
      return
    }
    this.take(frame)
  }

  private take(frame: LiveEvent): void {
    if (frame.cursor) this.cursor = frame.cursor
    if (frame.type === 'reset') this.listeners.reset()
    else this.listeners.event(frame)
  }

  private refused(socket: LiveSocket): void {
    if (socket !== this.socket) return
    this.stop()
    this.listeners.signedOut()
  }

  private closed(socket: LiveSocket): void {
    if (socket !== this.socket) return
    const hadHello = this.greeted
    this.drop()
    if (this.stopped) return
    this.failures += 1
    this.listeners.state(this.doors.online() ? 'connecting' : 'offline')
    if (!hadHello && this.failures > SOCKETS_BEFORE_POLLING && this.doors.online()) {
      this.polls = 0
      this.pollSoon(0)
      return
    }
    this.cancelTimer = this.doors.after(this.backoff(), () => this.connect())
  }

  private backoff(): number {
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1))
    return ceiling * (0.5 + this.doors.random() / 2)
  }

  private pollSoon(delay: number): void {
    this.cancelTimer = this.doors.after(delay, () => void this.poll())
  }

  private async poll(): Promise<void> {
    try {
      const first = this.cursor === null
      const answer = await this.doors.poll(this.cursor)
      if (this.stopped) return
      this.listeners.state('polling')
      if (first || answer.reset) this.listeners.reset()
      for (const event of answer.events) this.take(event)
      this.cursor = answer.cursor
      this.polls += 1
    } catch {
      if (this.stopped) return
      this.listeners.state(this.doors.online() ? 'connecting' : 'offline')
      this.polls = POLLS_BEFORE_SOCKET
    }
    if (this.polls >= POLLS_BEFORE_SOCKET) {
      this.failures = SOCKETS_BEFORE_POLLING
      this.cancelTimer = this.doors.after(POLL_MS, () => this.connect())
      return
    }
    this.pollSoon(POLL_MS)
  }

  private drop(): void {
    this.cancelHello()
    const socket = this.socket
    this.socket = null
    this.greeted = false
    if (!socket) return
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }
}
