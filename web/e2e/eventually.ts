//! Waits for what must become true, and says what never did.

export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  milliseconds = 15_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + milliseconds
  let last: unknown
  for (;;) {
    try {
      const found = await look()
      if (found) return found as NonNullable<T>
      last = found
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`never came true: ${what} (last: ${String(last)})`)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}
