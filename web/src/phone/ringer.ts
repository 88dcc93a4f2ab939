//! Our own ringing, on the device chosen for it, apart from the one for speech.

const EVERY_MS = 3_000
const KNOCK_EVERY_MS = 5_000

let timer: ReturnType<typeof setInterval> | undefined
let playing: HTMLAudioElement | null = null
let device = ''

type WithSink = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }

export function setRinger(id: string): void {
  device = id
}

/** Rings, or knocks quietly while one is talking. */
export function ringing(sound: 'ring' | 'knock'): void {
  stopRinging()
  void play(sound)
  timer = setInterval(() => void play(sound), sound === 'ring' ? EVERY_MS : KNOCK_EVERY_MS)
}

export function stopRinging(): void {
  clearInterval(timer)
  timer = undefined
  playing?.pause()
  playing = null
}

/** False when the browser refuses sound before the first click on the page; title, notice and card are still there. */
export async function play(sound: 'ring' | 'knock' | 'connected'): Promise<boolean> {
  const audio: WithSink = new Audio(`/sounds/${sound}.wav`)
  playing = audio
  try {
    if (device && audio.setSinkId) await audio.setSinkId(device)
    await audio.play()
    return true
  } catch {
    return false
  }
}
