//! A pulse every five seconds that a background tab keeps.

export function startTicker(run: () => void): () => void {
  try {
    const worker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = run
    return () => worker.terminate()
  } catch {
    const timer = setInterval(run, 5_000)
    return () => clearInterval(timer)
  }
}
