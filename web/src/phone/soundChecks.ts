//! When the sound is checked: once for each browser and set of devices, in a quiet moment, and by a click.
import { chosenDevices } from './audioChoice'
import type { Line } from './line'
import type { PhoneEvent } from './machine/events'
import type { SoundFound } from './soundTrial'
import type { PhoneState } from './state'

const KEY = 'offhook.sound'
/** Each try is a leg that the carrier bills: so often by itself, later and later, then only by a click or when the network changes. */
const AGAIN_AFTER_MS = [30_000, 2 * 60_000, 10 * 60_000]

interface Kept {
  setup: string
  at: number
  found: SoundFound
}

interface Doors {
  line: () => Line | null
  state: () => PhoneState
  send: (event: PhoneEvent) => void
  now: () => number
}

export class SoundChecks {
  private running: AbortController | null = null
  private tries = 0
  private dueAt = 0

  constructor(private readonly doors: Doors) {}

  /** What an earlier visit found with the same devices. */
  recall(): void {
    const kept = read()
    if (kept) this.doors.send({ type: 'sound', sound: { checking: false, found: kept.found, at: kept.at } })
  }

  /** A pulse: gives way to a call at once, and begins a check that is due when nothing else goes on. */
  consider(): void {
    const state = this.doors.state()
    if (!idle(state)) {
      this.abort()
      // A call whose sound is measured is the best check there is.
      if (state.active?.quality && !read()) this.found({ verdict: 'good', delay: null })
      return
    }
    const asked = state.device === 'ready' || state.problem === 'no_media'
    if (this.running || !asked || this.doors.now() < this.dueAt) return
    if (this.tries > AGAIN_AFTER_MS.length || (state.device === 'ready' && read())) return
    void this.run()
  }

  /** The network or the devices are others than they were. */
  anew(): void {
    this.tries = 0
    this.dueAt = 0
    this.consider()
  }

  async run(): Promise<void> {
    const line = this.doors.line()
    if (this.running || !line || !idle(this.doors.state())) return
    const mine = new AbortController()
    this.running = mine
    const before = this.doors.state().sound
    this.tell({ ...before, checking: true })
    const found = await line.checkSound(mine.signal)
    if (this.running === mine) this.running = null
    if (mine.signal.aborted) return this.tell({ ...before, checking: false })
    this.found(found)
  }

  private found(found: SoundFound): void {
    const at = this.doors.now()
    this.tell({ checking: false, found, at })
    if (found.verdict === 'good' || found.verdict === 'poor') {
      this.tries = 0
      keep({ setup: setup(), at, found })
    } else {
      this.dueAt = at + (AGAIN_AFTER_MS[this.tries] ?? 0)
      this.tries += 1
      if (found.verdict === 'blocked') forget()
    }
  }

  abort(): void {
    this.running?.abort()
    this.running = null
  }

  private tell(sound: PhoneState['sound']): void {
    this.doors.send({ type: 'sound', sound })
  }
}

/** Nobody calls, is called, or has the device elsewhere. */
function idle({ owner, active, offers, dialling }: PhoneState): boolean {
  return owner && !active && offers.length === 0 && !dialling
}

function setup(): string {
  const { microphone = '', speaker = '' } = chosenDevices()
  return `${microphone}|${speaker}`
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null
    return kept?.setup === setup() && kept.found ? kept : null
  } catch {
    return null
  }
}

function keep(kept: Kept): void {
  localStorage.setItem(KEY, JSON.stringify(kept))
}

function forget(): void {
  localStorage.removeItem(KEY)
}
