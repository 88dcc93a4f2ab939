//! The sound check before the first call: a short leg of its own to the carrier and back, apart from the phone's device.
import type { Device as TwilioDevice } from '@twilio/voice-sdk'
import type { SoftphoneToken } from '@/api/types'
import { problemOfSdk } from './problems'
import { SOUNDS } from './sdkSounds'
import { type SoundFound, SoundTrial } from './soundTrial'

/** The parameter by which the voice webhook knows a check: it answers with silence and the end, and no call comes of it. */
const PARAMETERS = { sound_check: '1' }
/** Signalling that does not answer by then says nothing about sound. */
const ANSWERED_WITHIN_MS = 10_000
/** An answered leg without any sound for so long will have none. */
const SOUND_WITHIN_MS = 8_000

const UNKNOWN: SoundFound = { verdict: 'unknown', delay: null }
const BLOCKED: SoundFound = { verdict: 'blocked', delay: null }

interface Sdk {
  Device: typeof TwilioDevice
}

/**
 * The SDK's own preflight cannot name itself to a webhook, holds its leg for 20 s, plays a file from the carrier's site and reports to
 * its insights. This check uses the same SDK, network path and token, and neither the microphone nor the speaker.
 */
export async function checkSound(sdk: Sdk, given: SoftphoneToken, signal: AbortSignal): Promise<SoundFound> {
  const quiet = quietStream()
  const device = new sdk.Device(given.token, {
    logLevel: 'silent',
    closeProtection: false,
    enableImprovedSignalingErrorPrecision: true,
    sounds: SOUNDS,
    publishEvents: false,
    getUserMedia: async () => quiet.stream,
  } as ConstructorParameters<typeof TwilioDevice>[1])
  device.audio?.incoming(false)
  device.audio?.outgoing(false)
  device.audio?.disconnect(false)
  try {
    return await measure(device, signal)
  } catch {
    return UNKNOWN
  } finally {
    device.destroy()
    quiet.end()
  }
}

function measure(device: TwilioDevice, signal: AbortSignal): Promise<SoundFound> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => resolve(UNKNOWN), ANSWERED_WITHIN_MS)
    const say = (found: SoundFound) => {
      clearTimeout(timer)
      resolve(found)
    }
    signal.addEventListener('abort', () => say(UNKNOWN), { once: true })
    device.on('error', () => say(UNKNOWN))
    const follow = async () => {
      const call = await device.connect({ params: PARAMETERS })
      const trial = new SoundTrial()
      call.on('accept', () => {
        clearTimeout(timer)
        timer = setTimeout(() => say(trial.soFar() ?? BLOCKED), SOUND_WITHIN_MS)
      })
      call.on('sample', (sample) => {
        const found = trial.take(sample)
        if (found) say(found)
      })
      call.on('error', (error) => say(problemOfSdk(error) === 'no_media' ? BLOCKED : UNKNOWN))
      call.on('disconnect', () => say(trial.soFar() ?? UNKNOWN))
      if (signal.aborted) say(UNKNOWN)
    }
    follow().catch(reject)
  })
}

/** What the leg sends instead of a microphone. */
function quietStream(): { stream: MediaStream; end: () => void } {
  const context = new AudioContext()
  const destination = context.createMediaStreamDestination()
  const silence = new ConstantSourceNode(context, { offset: 0 })
  silence.connect(destination)
  silence.start()
  return {
    stream: destination.stream,
    end: () => {
      for (const track of destination.stream.getTracks()) track.stop()
      void context.close()
    },
  }
}
