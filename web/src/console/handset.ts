//! The phone in the person's hand: a Voice SDK client of the account that owns the number.
import type { Call as TwilioCall, Device as TwilioDevice } from '@twilio/voice-sdk'
import { now } from '@/lib/clock'
import { loadWithSignallingAt } from '@/phone/signalling'
import { phoneToken } from './control'
import { MICROPHONE, microphoneProblem, Voice } from './voice'

export interface HandsetCall {
  direction: 'in' | 'out'
  other: string
  state: 'ringing' | 'connecting' | 'talking'
  who: string
  since: number | null
  muted: boolean
  keys: string
}

export interface HandsetState {
  /** The number whose phone this page is, while it is one. */
  number: string | null
  device: 'down' | 'connecting' | 'ready'
  call: HandsetCall | null
  /** How the last call ended, or why none was possible. */
  said: { text: string; bad: boolean } | null
}

const READY_WITHIN_MS = 8_000
const sound = (name: string) => new URL(`/sounds/${name}.wav`, location.origin).href
const SOUNDS: Record<string, string> = {
  incoming: sound('ring'),
  outgoing: sound('silence'),
  disconnect: sound('disconnect'),
  dtmfs: sound('dtmf-s'),
  dtmfh: sound('dtmf-h'),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [`dtmf${digit}`, sound(`dtmf-${digit}`)])),
}

export class Handset {
  private state: HandsetState = { number: null, device: 'down', call: null, said: null }
  private readonly listeners = new Set<() => void>()
  private device: TwilioDevice | null = null
  private call: TwilioCall | null = null
  private voice: Voice | null = null
  /** Stays registered between calls, so that calls to the number ring here. */
  private stays = false

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
  snapshot = () => this.state

  private set(change: Partial<HandsetState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }

  private setCall(change: Partial<HandsetCall>): void {
    if (this.state.call) this.set({ call: { ...this.state.call, ...change } })
  }

  private say(text: string, bad = false): void {
    this.set({ said: { text, bad } })
  }

  /** Calls to the number ring on this page from now on. */
  async takeUp(number: string): Promise<void> {
    this.stays = true
    try {
      await this.registered(number)
    } catch (error) {
      this.stays = false
      this.drop()
      this.say(sentence(error), true)
    }
  }

  /** Calls to the number are answered by the phone itself again. */
  putDown(): void {
    this.stays = false
    if (!this.state.call) this.drop()
  }

  private drop(): void {
    const device = this.device
    this.device = null
    device?.destroy()
    this.set({ device: 'down', number: null })
  }

  private async registered(number: string): Promise<TwilioDevice> {
    if (this.device && this.state.number === number && this.state.device === 'ready') return this.device
    this.drop()
    this.set({ number, device: 'connecting', said: null })
    const { token } = await phoneToken(number)
    const sdk = await loadWithSignallingAt(signalling(), () => import('@twilio/voice-sdk'))
    const options = {
      logLevel: 'silent' as const,
      closeProtection: false,
      maxCallSignalingTimeoutMs: 30_000,
      sounds: SOUNDS,
      publishEvents: false,
      // The SDK's own switch for who is heard: a script needs no microphone.
      getUserMedia: (constraints: MediaStreamConstraints) =>
        (this.voice ?? new Voice(MICROPHONE)).stream(constraints),
    }
    const device = new sdk.Device(token, options)
    this.device = device
    device.audio?.outgoing(false)
    device.on(
      'tokenWillExpire',
      () => void phoneToken(number).then((given) => device.updateToken(given.token)),
    )
    device.on('incoming', (call: TwilioCall) => this.rings(call))
    device.on('registered', () => this.device === device && this.set({ device: 'ready' }))
    device.on('unregistered', () => this.device === device && this.set({ device: 'connecting' }))
    device.on('error', () => this.device === device && !this.state.call && this.set({ device: 'connecting' }))
    await within(device.register(), READY_WITHIN_MS)
    this.set({ device: 'ready' })
    return device
  }

  private rings(call: TwilioCall): void {
    if (this.call) {
      call.reject()
      return
    }
    this.call = call
    const other = call.parameters.From ?? ''
    const shown: HandsetCall = {
      direction: 'in',
      other,
      state: 'ringing',
      who: MICROPHONE,
      since: null,
      muted: false,
      keys: '',
    }
    this.set({ call: shown, said: null })
    this.follow(call)
  }

  async dial(from: string, to: string, who: string): Promise<void> {
    if (this.state.call) return
    const voice = new Voice(who)
    voice.prepare()
    this.voice = voice
    this.set({
      said: null,
      call: { direction: 'out', other: to, state: 'connecting', who, since: null, muted: false, keys: '' },
    })
    try {
      await this.mayListen(who)
      const device = await this.registered(from)
      const call = await device.connect({ params: { To: to } })
      if (this.voice !== voice || !this.state.call) return call.disconnect()
      this.call = call
      this.follow(call)
    } catch (error) {
      this.over(sentence(error), true)
    }
  }

  async answer(who: string): Promise<void> {
    const call = this.call
    if (!call || this.state.call?.state !== 'ringing') return
    const voice = new Voice(who)
    voice.prepare()
    this.voice = voice
    try {
      await this.mayListen(who)
      this.setCall({ state: 'connecting', who })
      call.accept()
    } catch (error) {
      this.say(sentence(error), true)
    }
  }

  private async mayListen(who: string): Promise<void> {
    const why = who === MICROPHONE ? await microphoneProblem() : null
    if (why) throw new Error(why)
  }

  decline(): void {
    this.call?.reject()
    this.over('You declined the call.')
  }

  hangUp(): void {
    const call = this.call
    this.over('You hung up.')
    call?.disconnect()
  }

  press(key: string): void {
    if (this.state.call?.state !== 'talking') return
    this.call?.sendDigits(key)
    this.setCall({ keys: (this.state.call.keys + key).slice(-24) })
  }

  mute(on: boolean): void {
    this.call?.mute(on)
    this.setCall({ muted: on })
  }

  private follow(call: TwilioCall): void {
    const mine = () => this.call === call
    const ended = (text: string, bad = false) => mine() && this.over(text, bad)
    call.on('ringing', () => mine() && this.setCall({ state: 'ringing' }))
    call.on('accept', () => {
      if (!mine()) return
      this.setCall({ state: 'talking', since: now() })
      void this.voice?.speak()
    })
    call.on('error', (error: { message?: string }) =>
      ended(error.message ?? 'The call could not go on.', true),
    )
    call.on('cancel', () => ended('They stopped calling.'))
    call.on('reject', () => ended('You declined the call.'))
    call.on('disconnect', () =>
      ended(this.state.call?.since ? 'The other side ended the call.' : 'Nobody took the call.'),
    )
  }

  private over(text: string, bad = false): void {
    this.call = null
    this.voice?.end()
    this.voice = null
    this.set({ call: null, said: { text, bad } })
    if (!this.stays) {
      // The goodbye of a call still has to go out on the connection.
      const device = this.device
      setTimeout(() => device === this.device && !this.state.call && !this.stays && this.drop(), 1_500)
    }
  }
}

function signalling(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/signal`
}

function sentence(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'The phone could not be connected.'
}

function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(
      () => reject(new Error('The sandbox’s signalling does not answer. Reload this page.')),
      milliseconds,
    )
  })
  return Promise.race([work, late])
}
