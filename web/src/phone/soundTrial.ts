//! What a sound check finds, judged from the SDK's samples, one a second.

export type SoundVerdict = 'good' | 'poor' | 'blocked' | 'unknown'

export interface SoundFound {
  verdict: SoundVerdict
  /** Milliseconds there and back; null where it could not be told. */
  delay: number | null
}

export interface TrialSample {
  mos: number | null
  rtt: number
  totals: { packetsReceived: number }
}

/** The first second of a connection is not yet what it will be like. */
const SETTLING = 1
const WANTED = 3
/** Below this mean opinion score people ask each other to repeat. */
const POOR_BELOW = 3.4

export class SoundTrial {
  private flowing = 0
  private readonly scores: number[] = []
  private delay: number | null = null

  /** The verdict as soon as there is enough to judge by. */
  take(sample: TrialSample): SoundFound | null {
    if (sample.totals.packetsReceived === 0) return null
    this.flowing += 1
    if (Number.isFinite(sample.rtt)) this.delay = Math.round(sample.rtt)
    if (this.flowing > SETTLING && sample.mos) this.scores.push(sample.mos)
    return this.flowing >= SETTLING + WANTED ? this.soFar() : null
  }

  /** The verdict by what came until now; null where nothing came at all. */
  soFar(): SoundFound | null {
    if (this.flowing === 0) return null
    const { scores, delay } = this
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    return { verdict: scores.length > 0 && mean < POOR_BELOW ? 'poor' : 'good', delay }
  }
}
