//! The one clock of the app: the current time for timers that people watch.
import { useSyncExternalStore } from 'react'

/** How far the server's clock is ahead of this computer's; computers' clocks are often minutes off. */
let ahead: number | null = null

/** The server's time, as far as it is known; every timer on the screen counts from it. */
export function now(): number {
  return Date.now() + (ahead ?? 0)
}

/** A frame took some time to arrive: the largest difference seen is nearest to the truth. */
export function setServerTime(at: string): void {
  const difference = new Date(at).getTime() - Date.now()
  if (Number.isFinite(difference) && (ahead === null || difference > ahead)) ahead = difference
}

const tickers = new Map<number, Ticker>()

interface Ticker {
  value: number
  listeners: Set<() => void>
  subscribe: (listener: () => void) => () => void
}

/** The current time, renewed every `every` milliseconds; all watchers of one pace share one timer. */
export function useClock(every: number): number {
  const ticker = tickers.get(every) ?? create(every)
  return useSyncExternalStore(ticker.subscribe, () => ticker.value)
}

function create(every: number): Ticker {
  let timer: ReturnType<typeof setInterval> | undefined
  const ticker: Ticker = {
    value: now(),
    listeners: new Set(),
    subscribe(listener) {
      ticker.listeners.add(listener)
      if (timer === undefined) {
        ticker.value = now()
        timer = setInterval(() => {
          ticker.value = now()
          for (const each of ticker.listeners) each()
        }, every)
      }
      return () => {
        ticker.listeners.delete(listener)
        if (ticker.listeners.size === 0) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
  }
  tickers.set(every, ticker)
  return ticker
}
