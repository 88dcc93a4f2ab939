//! Who speaks into the phone: the person's microphone, or a scripted caller whose lines are played into the call.
import { askForMicrophone } from '@/phone/microphone'
import { PROBLEMS } from '@/phone/problems'
import type { Persona } from './control'

export const MICROPHONE = 'microphone'

export class Voice {
  private context: AudioContext | null = null
  private out: MediaStreamAudioDestinationNode | null = null
  private clip: Promise<AudioBuffer> | null = null
  private source: AudioBufferSourceNode | null = null

  /** `MICROPHONE`, or a persona's name. */
  constructor(readonly who: string) {}

  /** Called by a click, before the call: a browser lets sound begin only then. */
  prepare(): void {
    if (this.who === MICROPHONE) return
    this.context = new AudioContext()
    void this.context.resume()
    this.clip = clipOf(this.who, this.context)
    this.clip.catch(() => {})
  }

  /** What goes into the call; the carrier's SDK asks for it instead of the microphone. */
  async stream(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (this.who === MICROPHONE) return navigator.mediaDevices.getUserMedia(constraints)
    if (!this.context) this.prepare()
    this.out = this.context?.createMediaStreamDestination() ?? null
    if (!this.out) throw new Error('This browser cannot play a script into a call.')
    return this.out.stream
  }

  /** The other side can hear now: the script begins after a breath. */
  async speak(): Promise<void> {
    if (!this.context || !this.out || !this.clip) return
    const buffer = await this.clip
    if (!this.context || !this.out) return
    this.source = new AudioBufferSourceNode(this.context, { buffer })
    this.source.connect(this.out)
    this.source.start(this.context.currentTime + 0.6)
  }

  end(): void {
    this.source?.stop()
    this.source = null
    this.out = null
    void this.context?.close()
    this.context = null
  }
}

async function clipOf(persona: string, context: AudioContext): Promise<AudioBuffer> {
  const answer = await fetch(`/sandbox/v1/personas/${encodeURIComponent(persona)}/audio`)
  if (!answer.ok) throw new Error('The script could not be loaded.')
  return context.decodeAudioData(await answer.arrayBuffer())
}

export function whoSpeaks(who: string, personas: Persona[]): string {
  return personas.find((persona) => persona.name === who)?.who ?? 'You'
}

/** Null when the microphone may be used; otherwise why not, with the way around it. */
export async function microphoneProblem(): Promise<string | null> {
  const problem = await askForMicrophone()
  if (!problem) return null
  const { title, cure } = PROBLEMS[problem]
  return `${title}. ${cure} Or let a scripted caller speak for you.`
}
