//! Does sound come through, and how good is it: read from the SDK's samples, one a second.

export interface Sample {
  mos: number | null
  totals: { packetsReceived: number }
}

export interface Heard {
  /** 1 to 5; null while it cannot be told. */
  level: number | null
  /** Said once: nothing at all arrives, or it has begun to. */
  changed: 'silent' | 'flowing' | null
}

/** Room music and silence are packets too: none at all for this long means that they are kept away. */
const SILENT_SAMPLES = 4

export class SoundWatch {
  private samples = 0
  private silent = false

  take(sample: Sample): Heard {
    this.samples += 1
    const flows = sample.totals.packetsReceived > 0
    let changed: Heard['changed'] = null
    if (!flows && !this.silent && this.samples >= SILENT_SAMPLES) changed = 'silent'
    if (flows && this.silent) changed = 'flowing'
    if (changed) this.silent = changed === 'silent'
    return { level: flows && sample.mos ? level(sample.mos) : null, changed }
  }
}

/** The mean opinion score (1 to 4.5) in five steps. */
function level(mos: number): number {
  if (mos >= 4.1) return 5
  if (mos >= 3.8) return 4
  if (mos >= 3.4) return 3
  return mos >= 2.8 ? 2 : 1
}
