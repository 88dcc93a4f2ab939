//! Which microphone, speaker and ringer this computer uses, remembered on this computer.
import type { AudioDevices } from './line'

const KEY = 'offhook.audio'

export function chosenDevices(): AudioDevices {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as AudioDevices
  } catch {
    return {}
  }
}

export function keepDevices(devices: AudioDevices): void {
  localStorage.setItem(KEY, JSON.stringify(devices))
}

export interface Found {
  microphones: MediaDeviceInfo[]
  speakers: MediaDeviceInfo[]
}

export async function findDevices(): Promise<Found> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  const named = all.filter((device) => device.deviceId && device.label)
  return {
    microphones: named.filter((device) => device.kind === 'audioinput'),
    speakers: named.filter((device) => device.kind === 'audiooutput'),
  }
}

/** Reports the microphone's loudness, 0 to 1, until stopped. */
export async function meter(
  microphone: string | undefined,
  report: (level: number) => void,
): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: microphone ? { deviceId: { exact: microphone } } : true,
  })
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    let sum = 0
    for (const sample of samples) sum += sample * sample
    report(Math.min(1, Math.sqrt(sum / samples.length) * 4))
  }, 80)
  return () => {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
    void context.close()
  }
}
