//! With the sandbox, the carrier's SDK must open a plain `ws://` address, which no option of it allows.

let target: string | null = null

/**
 * Loads a module that captures `WebSocket` while it is evaluated, with a `WebSocket` that carries the SDK's signalling to the
 * sandbox. The page's own `WebSocket` is put back at once: nothing else is ever rewritten.
 */
export async function loadWithSignallingAt<T>(
  url: string | null | undefined,
  load: () => Promise<T>,
): Promise<T> {
  target = url ?? null
  if (!url) return load()
  const Native = globalThis.WebSocket
  class Carried extends Native {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(target && isSignalling(String(address)) ? target : address, protocols)
    }
  }
  globalThis.WebSocket = Carried
  try {
    return await load()
  } finally {
    globalThis.WebSocket = Native
  }
}

/** A later token may name another address. */
export function moveSignalling(url: string | null | undefined): void {
  target = url ?? null
}

export function isSignalling(address: string): boolean {
  try {
    const url = new URL(address)
    return url.protocol === 'wss:' && url.pathname === '/signal'
  } catch {
    return false
  }
}
