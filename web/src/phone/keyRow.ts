//! Keys one after the other: a browser that is given tones while others still sound forgets those that wait.

/** How long the SDK lets a key sound, with the silence after it, and a little more. */
const KEY_MS = 250

export class KeyRow {
  private waiting: string[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly press: (key: string) => void) {}

  add(keys: string): void {
    this.waiting.push(...keys)
    if (this.timer === undefined) this.next()
  }

  /** What was not sounded yet belongs to a call that is over. */
  clear(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.waiting = []
  }

  private next(): void {
    const key = this.waiting.shift()
    this.timer = key === undefined ? undefined : setTimeout(() => this.next(), KEY_MS)
    if (key !== undefined) this.press(key)
  }
}
