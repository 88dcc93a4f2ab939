//! The device as the phone sees it: it gets ready, joins one call at a time and leaves it.
import type { Silence } from './silence'
import type { SoundFound } from './soundTrial'
import type { DeviceState, ProblemCode } from './state'

export type LineReport =
  | { type: 'device'; state: DeviceState; problem?: ProblemCode }
  | { type: 'line'; callId: string; state: 'joining' | 'joined' | 'left' }
  | { type: 'quality'; callId: string; level: number }
  | { type: 'silence'; callId: string; silence: Silence }

export interface Line {
  /** Gets a token, loads the carrier's SDK and registers; again after a problem. */
  start(): Promise<void>
  /** Connects to the call's room. One call at a time: an older one is left first. */
  join(callId: string): void
  leave(): void
  mute(on: boolean): void
  digits(digits: string): void
  /** A pulse from a timer that background tabs do not slow down: renews the token in good time. */
  tick(now: number): void
  /** Sends sound to the carrier and back, beside whatever else goes on; never rejects. */
  checkSound(signal: AbortSignal): Promise<SoundFound>
  setDevices(devices: AudioDevices): Promise<void>
  stop(): void
}

/** Chosen apart: where one hears the other side, where it rings, what one speaks into. */
export interface AudioDevices {
  microphone?: string
  speaker?: string
  ringer?: string
}
