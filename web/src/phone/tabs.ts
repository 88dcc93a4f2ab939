//! One tab of a browser owns the device, for each user; the others follow it and can take over.
import type { DeviceState, LineState } from './state'

export type TabMessage =
  | { kind: 'hello' }
  | { kind: 'state'; device: DeviceState; line: { callId: string; state: LineState; muted: boolean } | null }
  | { kind: 'join'; callId: string }
  | { kind: 'mute'; on: boolean }
  | { kind: 'digits'; digits: string }

export interface TabDoors {
  locks: LockManager | undefined
  channel: BroadcastChannel
}

export class Tabs {
  private release: (() => void) | null = null
  private stopped = false
  private readonly abort = new AbortController()

  constructor(
    private readonly name: string,
    private readonly doors: TabDoors,
    private readonly listeners: { owner: (owner: boolean) => void; message: (message: TabMessage) => void },
  ) {
    doors.channel.onmessage = (event: MessageEvent<TabMessage>) => this.listeners.message(event.data)
  }

  /** Owns the device as soon as no other tab does. */
  start(): void {
    this.send({ kind: 'hello' })
    this.request({ signal: this.abort.signal })
  }

  /** Owns the device now; the tab that had it is told by the browser. */
  takeOver(): void {
    this.request({ steal: true })
  }

  send(message: TabMessage): void {
    if (!this.stopped) this.doors.channel.postMessage(message)
  }

  stop(): void {
    this.stopped = true
    this.abort.abort()
    this.release?.()
    this.doors.channel.close()
  }

  private request(options: LockOptions): void {
    const { locks } = this.doors
    if (!locks) {
      // Only a page that is not secure has no locks; it cannot use a microphone either.
      this.listeners.owner(true)
      return
    }
    locks
      .request(this.name, options, () => {
        if (this.stopped) return
        this.listeners.owner(true)
        return new Promise<void>((resolve) => {
          this.release = resolve
        })
      })
      .catch(() => {
        // Stolen by another tab: stand in line again, in case that tab is closed.
        if (this.stopped) return
        this.release = null
        this.listeners.owner(false)
        this.request({ signal: this.abort.signal })
      })
  }
}
