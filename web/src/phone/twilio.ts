//! The line over Twilio's own Voice SDK, loaded when it is first needed; the same build against Twilio and against the sandbox.
import type { Call as TwilioCall, Device as TwilioDevice } from '@twilio/voice-sdk'
import type { SoftphoneToken } from '@/api/types'
import { KeyRow } from './keyRow'
import type { AudioDevices, Line, LineReport } from './line'
import { type Permission, watchMicrophone } from './microphone'
import { problemOf, problemOfSdk } from './problems'
import { SOUNDS } from './sdkSounds'
import { loadWithSignallingAt, moveSignalling } from './signalling'
import { SilenceWatch } from './silence'
import { checkSound } from './soundCheck'
import type { SoundFound } from './soundTrial'
import { SoundWatch } from './soundWatch'
import type { ProblemCode } from './state'

type Sdk = typeof import('@twilio/voice-sdk')

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 20_000
/** Signalling may blink; only an absence of this length is a problem worth showing. */
const UNREGISTERED_FOR_MS = 8_000
const TOKEN_CODES = [20101, 20104, 20151, 31201, 31202, 31204, 31205]

export class TwilioLine implements Line {
  private device: TwilioDevice | null = null
  private call: TwilioCall | null = null
  private sdk: Sdk | null = null
  private given: SoftphoneToken | null = null
  private callId: string | null = null
  private renewAt = Number.POSITIVE_INFINITY
  private renewing = false
  private failures = 0
  private refusals = 0
  private stopped = false
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private silenceTimer: ReturnType<typeof setTimeout> | undefined
  private starting: Promise<void> | null = null
  private devices: AudioDevices = {}
  private microphone: Permission = 'prompt'
  /** Sound was seen not to get through, and not seen to do so since. */
  private blocked = false
  private readonly keys = new KeyRow((key) => this.call?.sendDigits(key))
  private readonly endWatch: () => void

  constructor(
    private readonly token: () => Promise<SoftphoneToken>,
    private readonly report: (report: LineReport) => void,
    private readonly now: () => number,
  ) {
    this.endWatch = watchMicrophone((permission) => this.microphoneChanged(permission))
  }

  start(): Promise<void> {
    this.starting ??= this.begin().finally(() => {
      this.starting = null
    })
    return this.starting
  }

  private async begin(): Promise<void> {
    clearTimeout(this.retryTimer)
    this.report({ type: 'device', state: 'connecting' })
    if (!window.isSecureContext || !navigator.mediaDevices) return this.problem('insecure')
    try {
      const given = await this.token()
      const sdk = await loadWithSignallingAt(given.signaling_url, () => import('@twilio/voice-sdk'))
      if (this.stopped) return
      this.sdk = sdk
      if (!sdk.Device.isSupported) return this.problem('unsupported')
      this.register(sdk, given)
    } catch (error) {
      if (this.stopped) return
      this.problem(problemOf(error))
      this.retryLater()
    }
  }

  private register(sdk: Sdk, given: SoftphoneToken): void {
    const old = this.device
    this.device = null
    old?.destroy()
    const options = {
      logLevel: 'silent' as const,
      closeProtection: false,
      allowIncomingWhileBusy: false,
      enableImprovedSignalingErrorPrecision: true,
      maxCallSignalingTimeoutMs: 30_000,
      sounds: SOUNDS,
      // The sandbox has no insights, and nothing of it may leave the machine.
      publishEvents: !given.signaling_url,
    }
    const device = new sdk.Device(given.token, options)
    this.device = device
    this.keepRenewal(given)
    device.audio?.incoming(false)
    device.audio?.outgoing(false)
    device.on('registered', () => this.registered(device))
    device.on('registering', () => this.unregistered(device))
    device.on('unregistered', () => this.unregistered(device))
    device.on('tokenWillExpire', () => void this.renew())
    device.on('error', (error: { code?: number }) => this.failed(device, error))
    // Calls come as offers, never as a ring of the device itself; the SDK's own ring would only confuse.
    device.on('incoming', (call: TwilioCall) => call.ignore())
    device.register().catch((error: { code?: number }) => this.failed(device, error))
    this.waitForRegistration()
    void this.setDevices(this.devices)
  }

  private registered(device: TwilioDevice): void {
    if (device !== this.device) return
    clearTimeout(this.silenceTimer)
    this.failures = 0
    this.refusals = 0
    this.reportReady()
  }

  /** A registered device without a microphone could ring but not speak: that is not ready. */
  private reportReady(): void {
    if (this.microphone === 'denied') this.problem('microphone_refused')
    else if (this.blocked) this.problem('no_media')
    else this.report({ type: 'device', state: 'ready' })
  }

  private microphoneChanged(permission: Permission): void {
    const before = this.microphone
    this.microphone = permission
    if (this.device?.state === 'registered' && before !== permission) this.reportReady()
  }

  private unregistered(device: TwilioDevice): void {
    if (device !== this.device || this.stopped) return
    this.report({ type: 'device', state: 'connecting' })
    this.waitForRegistration()
  }

  private waitForRegistration(): void {
    clearTimeout(this.silenceTimer)
    this.silenceTimer = setTimeout(() => {
      if (this.stopped || this.device?.state === 'registered') return
      this.problem(navigator.onLine ? 'signalling' : 'offline')
      this.retryLater()
    }, UNREGISTERED_FOR_MS)
  }

  private failed(device: TwilioDevice, error: { code?: number }): void {
    if (device !== this.device || this.stopped) return
    if (TOKEN_CODES.includes(error.code ?? 0)) this.tokenRefused()
    else if (device.state !== 'registered') this.unregistered(device)
  }

  /** A new token helps once; a second refusal is for an admin to cure. */
  private tokenRefused(): void {
    this.refusals += 1
    if (this.refusals === 1) return void this.renew()
    this.problem('token')
    this.retryLater()
  }

  private problem(problem: ProblemCode): void {
    this.report({ type: 'device', state: 'problem', problem })
  }

  private retryLater(): void {
    clearTimeout(this.retryTimer)
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures)
    this.failures += 1
    this.retryTimer = setTimeout(() => {
      if (!this.stopped && !this.call && this.device?.state !== 'registered') void this.start()
    }, wait)
  }

  // ── tokens ────────────────────────────────────────────────────────────────────────────────────

  private keepRenewal(given: SoftphoneToken): void {
    this.given = given
    const now = this.now()
    const life = new Date(given.expires_at).getTime() - now
    this.renewAt = now + life * 0.8
  }

  /** Renewed at four fifths of its life while idle; the SDK asks for it again shortly before the end in any case. */
  tick(now: number): void {
    if (now >= this.renewAt && !this.call) void this.renew()
  }

  private async renew(): Promise<void> {
    if (this.renewing || !this.device) return
    this.renewing = true
    try {
      const given = await this.token()
      moveSignalling(given.signaling_url)
      this.keepRenewal(given)
      if (this.stopped || !this.device) return
      this.device.updateToken(given.token)
      if (this.device.state === 'unregistered') await this.device.register()
    } catch (error) {
      this.renewAt = this.now() + 15_000
      if (this.device?.state !== 'registered') {
        this.problem(problemOf(error) === 'signalling' ? 'token' : problemOf(error))
        this.retryLater()
      }
    } finally {
      this.renewing = false
    }
  }

  // ── the call ──────────────────────────────────────────────────────────────────────────────────

  join(callId: string): void {
    void this.connect(callId)
  }

  private async connect(callId: string): Promise<void> {
    const older = this.call
    this.callId = callId
    this.call = null
    this.keys.clear()
    older?.disconnect()
    this.report({ type: 'line', callId, state: 'joining' })
    try {
      if (!this.device) await this.start()
      const device = this.device
      if (!device) throw new Error('the device is not ready')
      const call = await device.connect({ params: { call_id: callId } })
      if (this.callId !== callId || this.stopped) {
        call.disconnect()
        return
      }
      this.follow(call, callId)
    } catch (error) {
      this.left(callId, problemOfSdk(error))
    }
  }

  private follow(call: TwilioCall, callId: string): void {
    this.call = call
    const mine = () => this.call === call
    call.on('accept', () => mine() && this.report({ type: 'line', callId, state: 'joined' }))
    call.on('reconnecting', () => mine() && this.report({ type: 'quality', callId, level: 1 }))
    const watch = new SoundWatch()
    call.on('sample', (sample) => {
      if (!mine()) return
      const heard = watch.take(sample)
      if (heard.level) this.report({ type: 'quality', callId, level: heard.level })
      if (heard.changed) this.soundFlows(heard.changed === 'flowing')
      else if (this.blocked && heard.level) this.soundFlows(true)
    })
    const silence = new SilenceWatch((found) => this.report({ type: 'silence', callId, silence: found }))
    call.on('volume', (input, output) => mine() && silence.take(input, output, this.now()))
    let problem: ProblemCode | null = null
    call.on('error', (error) => {
      problem = problemOfSdk(error)
    })
    const over = () => {
      if (!mine()) return
      this.left(callId, problem)
    }
    call.on('disconnect', over)
    call.on('cancel', over)
    call.on('reject', over)
  }

  private soundFlows(flows: boolean): void {
    this.blocked = !flows
    if (this.device?.state === 'registered' || !flows) this.reportReady()
  }

  private left(callId: string, problem: ProblemCode | null): void {
    if (this.callId !== callId) return
    this.call = null
    this.callId = null
    this.keys.clear()
    if (problem === 'no_media') this.blocked = true
    if (problem) this.problem(problem)
    this.report({ type: 'line', callId, state: 'left' })
  }

  leave(): void {
    const call = this.call
    this.call = null
    this.callId = null
    this.keys.clear()
    call?.disconnect()
  }

  mute(on: boolean): void {
    this.call?.mute(on)
  }

  digits(digits: string): void {
    if (this.call) this.keys.add(digits)
  }

  async checkSound(signal: AbortSignal): Promise<SoundFound> {
    if (!this.sdk || !this.given) return { verdict: 'unknown', delay: null }
    const found = await checkSound(this.sdk, this.given, signal)
    if (!this.stopped && found.verdict !== 'unknown') this.soundFlows(found.verdict !== 'blocked')
    return found
  }

  async setDevices(devices: AudioDevices): Promise<void> {
    this.devices = devices
    const audio = this.device?.audio
    if (!audio) return
    try {
      if (audio.isOutputSelectionSupported) await audio.speakerDevices.set(devices.speaker ?? 'default')
      if (devices.microphone) await audio.setInputDevice(devices.microphone)
    } catch {
      // A headset that was chosen may be unplugged: the system's own devices serve instead.
    }
  }

  stop(): void {
    this.stopped = true
    this.endWatch()
    clearTimeout(this.retryTimer)
    clearTimeout(this.silenceTimer)
    this.leave()
    const device = this.device
    this.device = null
    device?.destroy()
  }
}
