//! The phone outside the pages: feeds the pure machine and carries out what it decides.
import { listOffers, myLastCall, myLiveCall, offerOf, softphoneToken } from '@/api/calls'
import type { LiveEvent } from '@/api/live'
import { listen, sendBeat } from '@/api/stream'
import type { Call, NamedRef, Presence } from '@/api/types'
import { now } from '@/lib/clock'
import { startTicker } from '@/lib/ticker'
import { chosenDevices } from './audioChoice'
import { Errands, type Say } from './errands'
import type { AudioDevices, Line } from './line'
import type { Effect, PhoneEvent } from './machine/events'
import { reduce } from './machine/reduce'
import { askForMicrophone } from './microphone'
import { setRinger } from './ringer'
import { SoundChecks } from './soundChecks'
import { emptyPhone, isOver, type PhoneState } from './state'
import { type TabMessage, Tabs } from './tabs'
import { TwilioLine } from './twilio'

const REMEMBERED = 'offhook.call'
const OFFER_GRACE_MS = 1_500
/** A tab that lost the device keeps its leg until the newer one has replaced it, at most this long. */
const HAND_OVER_MS = 6_000

export class Phone {
  private state: PhoneState
  private line: Line | null = null
  private readonly tabs: Tabs
  private readonly watchers = new Set<() => void>()
  private readonly errands: Errands
  private readonly sound: SoundChecks
  private readonly endings: (() => void)[] = []
  private stopped = false

  constructor(
    me: string,
    private readonly say: Say,
  ) {
    this.state = emptyPhone(me)
    this.errands = new Errands(this.send, say)
    this.sound = new SoundChecks({ line: () => this.line, state: this.snapshot, send: this.send, now })
    this.tabs = new Tabs(
      `offhook-device-${me}`,
      { locks: navigator.locks, channel: new BroadcastChannel(`offhook-phone-${me}`) },
      { owner: (owner) => this.ownerChanged(owner), message: (message) => this.heard(message) },
    )
  }

  start(): void {
    this.sound.recall()
    this.tabs.start()
    this.endings.push(listen({ event: (event) => this.live(event), reset: () => void this.load() }))
    this.endings.push(startTicker(() => this.tick()))
    const online = () => {
      if (this.state.owner && this.state.device === 'problem') void this.line?.start()
      this.sound.anew()
    }
    const offline = () =>
      this.state.owner && this.send({ type: 'device', state: 'problem', problem: 'offline' })
    window.addEventListener('online', online)
    window.addEventListener('offline', offline)
    this.endings.push(() => window.removeEventListener('online', online))
    this.endings.push(() => window.removeEventListener('offline', offline))
  }

  stop(): void {
    this.stopped = true
    sendBeat('none')
    for (const end of this.endings) end()
    this.sound.abort()
    this.line?.stop()
    this.tabs.stop()
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  snapshot = (): PhoneState => this.state

  send = (event: PhoneEvent): void => {
    if (this.stopped) return
    const before = this.state
    const next = reduce(before, event)
    this.state = next.state
    if (before !== next.state) {
      for (const watcher of this.watchers) watcher()
      this.tellOthers(before)
    }
    for (const effect of next.effects) this.perform(effect)
  }

  // ── clicks that need the microphone first ─────────────────────────────────────────────────────

  accept = async (offerId: string): Promise<void> => {
    if (await this.microphoneReady()) this.send({ type: 'accept', offerId })
  }

  dial = async (to: string, from?: string, contactId?: string): Promise<void> => {
    if (await this.microphoneReady()) this.send({ type: 'dial', to, from, contactId })
  }

  /** A call of mine that a page began by itself: this device joins it as if it had dialled. */
  begun = (call: Call): void => this.send({ type: 'dialled', call })

  /** Asks for the microphone where it was not granted yet; says why not on the phone itself. */
  microphoneReady = async (): Promise<boolean> => {
    if (!this.state.owner && this.state.peer === 'ready') return true
    const problem = await askForMicrophone()
    if (problem) this.send({ type: 'device', state: 'problem', problem })
    else if (this.state.device === 'problem' && this.state.owner) await this.line?.start()
    return problem === null
  }

  /** The cure behind the button of a problem. */
  cure = async (): Promise<void> => {
    if (!this.state.owner) this.tabs.takeOver()
    else if (this.state.problem === 'no_media') await this.checkSound()
    else await this.microphoneReady()
  }

  checkSound = (): Promise<void> => this.sound.run()

  setDevices(devices: AudioDevices): void {
    void this.line?.setDevices(devices).then(() => this.sound.anew())
  }

  // ── what comes in ─────────────────────────────────────────────────────────────────────────────

  private async load(): Promise<void> {
    const before = this.state.offers.map((offer) => offer.id)
    try {
      const [offers, call] = await Promise.all([listOffers(), myLiveCall()])
      const after = call ? null : await this.wrapUpCall()
      this.send({ type: 'loaded', offers, before, call, remembered: remembered(), after })
    } catch {
      // The stream comes back by itself and then asks again.
    }
  }

  /** A reload during wrap-up comes back to it. */
  private async wrapUpCall(): Promise<Call | null> {
    if (this.state.active || this.state.after) return null
    const last = await myLastCall()
    return last?.phase === 'wrap_up' ? last : null
  }

  private live(event: LiveEvent): void {
    switch (event.type) {
      case 'incoming_call':
        return this.send({ type: 'offered', offer: offerOf(event.data.offer, event.data.call) })
      case 'offer_closed': {
        const words = this.closedWords(event.data)
        return this.send({ type: 'offer_closed', offerId: event.data.offer_id, words })
      }
      case 'join':
        return this.send({ type: 'join', callId: event.data.call_id })
      case 'call_status_update':
        return this.send({ type: 'call', call: event.data.call })
      case 'presence':
        return this.presence(event.data)
    }
  }

  private presence({ agent, presence }: { agent: NamedRef; presence: Presence }): void {
    const after = this.state.after
    if (agent.id !== this.state.me || !after) return
    if (
      presence.state === 'wrap_up' &&
      presence.wrap_up_ends_at &&
      after.endsAt !== presence.wrap_up_ends_at
    ) {
      const call: Call = { ...after.call, phase: 'wrap_up', wrap_up_ends_at: presence.wrap_up_ends_at }
      this.send({ type: 'call', call })
    }
  }

  private closedWords({ by, reason }: { by: NamedRef | null; reason: string }): string | null {
    if (by?.id === this.state.me) return null
    if (by?.name) return `${by.name.split(' ')[0]} took it.`
    if (reason === 'caller_gone') return 'The caller hung up.'
    if (reason === 'withdrawn') return 'The call is no longer waiting.'
    return null
  }

  private heard(message: TabMessage): void {
    switch (message.kind) {
      case 'hello':
        if (this.state.owner) this.tellOthers(null)
        return
      case 'state':
        return this.send({ type: 'peer', device: message.device, line: message.line })
      case 'join':
        return this.send({ type: 'asked_to_join', callId: message.callId })
      case 'mute':
        return this.state.owner ? this.send({ type: 'mute', on: message.on }) : undefined
      case 'digits':
        return this.state.owner ? this.send({ type: 'digits', digits: message.digits }) : undefined
    }
  }

  private tick(): void {
    sendBeat(this.state.owner ? this.state.device : 'none')
    const at = now()
    this.line?.tick(at)
    this.sound.consider()
    const expired = this.state.offers.filter(
      (offer) => !offer.busy && at > new Date(offer.expires_at).getTime() + OFFER_GRACE_MS,
    )
    if (expired.length > 0) this.send({ type: 'offers_expired', ids: expired.map((offer) => offer.id) })
    const ends = this.state.after?.endsAt
    if (ends && !this.state.after?.saving && at > new Date(ends).getTime())
      this.send({ type: 'wrap_up_over' })
  }

  // ── who owns the device ───────────────────────────────────────────────────────────────────────

  private ownerChanged(owner: boolean): void {
    if (owner) {
      const line: Line = new TwilioLine(
        softphoneToken,
        (report) => line === this.line && this.send(report),
        now,
      )
      this.line = line
      const devices = chosenDevices()
      setRinger(devices.ringer ?? '')
      void line.setDevices(devices)
      void line.start()
    } else {
      this.handOver()
    }
    this.send({ type: 'owner', owner })
    if (owner) this.tellOthers(null)
    sendBeat(owner ? this.state.device : 'none')
  }

  private handOver(): void {
    const line = this.line
    this.line = null
    if (!line) return
    if (this.state.active) setTimeout(() => line.stop(), HAND_OVER_MS)
    else line.stop()
  }

  private tellOthers(before: PhoneState | null): void {
    const { owner, device, active } = this.state
    if (before && before.device !== device && owner) sendBeat(device)
    if (!owner) return
    const same =
      before &&
      before.device === device &&
      before.active?.line === active?.line &&
      before.active?.muted === active?.muted &&
      before.active?.call.id === active?.call.id
    if (same) return
    const line = active ? { callId: active.call.id, state: active.line, muted: active.muted } : null
    this.tabs.send({ kind: 'state', device, line })
  }

  // ── effects ───────────────────────────────────────────────────────────────────────────────────

  private perform(effect: Effect): void {
    switch (effect.do) {
      case 'join':
        this.sound.abort()
        return this.line?.join(effect.callId)
      case 'leave':
        return this.line?.leave()
      case 'mute':
        return this.line ? this.line.mute(effect.on) : this.tabs.send({ kind: 'mute', on: effect.on })
      case 'digits':
        return this.line
          ? this.line.digits(effect.digits)
          : this.tabs.send({ kind: 'digits', digits: effect.digits })
      case 'ask_owner':
        return this.tabs.send({ kind: 'join', callId: effect.callId })
      case 'await_owner':
        setTimeout(() => this.send({ type: 'owner_overdue', callId: effect.callId }), effect.ms)
        return
      case 'take_device':
        return this.tabs.takeOver()
      case 'remember':
        return remember(effect.callId)
      case 'say':
        return this.say(effect.words, effect.tone)
      case 'keep_note':
        return this.errands.keepNote(effect.callId, effect.text)
      default:
        void this.errands.ask(effect)
    }
  }
}

/** The call that this tab was in before a reload. */
function remembered(): string | null {
  return sessionStorage.getItem(REMEMBERED)
}

function remember(callId: string | null): void {
  if (callId === null) sessionStorage.removeItem(REMEMBERED)
  else sessionStorage.setItem(REMEMBERED, callId)
}

export function canDial(state: PhoneState): boolean {
  return !state.dialling && (!state.active || isOver(state.active.call))
}
