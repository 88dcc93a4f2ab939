//! Which side of a call is silent, and for how long: read from the loudness that the SDK reports many times a second.

/** Since when nothing at all comes from a side; null while something does. */
export interface Silence {
  ours: number | null
  theirs: number | null
  /** The microphone gave a sound at least once in this call. */
  everHeard: boolean
}

export const NO_SILENCE: Silence = { ours: null, theirs: null, everHeard: false }

/** A live microphone is never quite silent: one that was silent from the beginning is off. */
const NEVER_HEARD_MS = 8_000
/** Headsets that remove all noise are silent while one only listens. */
const NO_LONGER_HEARD_MS = 45_000
const THEY_ARE_SILENT_MS = 25_000

export class SilenceWatch {
  private silence = NO_SILENCE

  constructor(private readonly report: (silence: Silence) => void) {}

  /** Loudness from 0 to 1; reports only when a side falls silent or is heard again. */
  take(input: number, output: number, now: number): void {
    const { ours, theirs, everHeard } = this.silence
    const next = {
      ours: input > 0 ? null : (ours ?? now),
      theirs: output > 0 ? null : (theirs ?? now),
      everHeard: everHeard || input > 0,
    }
    const same = next.ours === ours && next.theirs === theirs && next.everHeard === everHeard
    this.silence = next
    if (!same) this.report(next)
  }
}

/** What to say about it; time counts from the moment when both could speak (since the hold, since the mute). */
export function silenceWords(silence: Silence, since: number, now: number): string | null {
  const lasts = (side: number | null) => (side === null ? 0 : now - Math.max(side, since))
  const patience = silence.everHeard ? NO_LONGER_HEARD_MS : NEVER_HEARD_MS
  if (lasts(silence.ours) >= patience)
    return 'We do not hear you. Is the microphone switched off, or muted at the headset?'
  if (lasts(silence.theirs) >= THEY_ARE_SILENT_MS) return 'Nothing is heard from the other side.'
  return null
}
