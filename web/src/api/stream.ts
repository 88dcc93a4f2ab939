//! The app's one event stream: opened at log-in, written into the query cache, listened to by the phone.
import { useSyncExternalStore } from 'react'
import { setServerTime } from '@/lib/clock'
import { api, apiUrl, signedOut, tabToken } from './client'
import { Live, type LiveEvent, type LiveSocket, type LiveState, type PollAnswer } from './live'
import { applyToCache, reloadEverything } from './liveCache'

type Listener = { event: (event: LiveEvent) => void; reset: () => void }

let state: LiveState = 'connecting'
const stateWatchers = new Set<() => void>()
const listeners = new Set<Listener>()

const live = new Live(
  {
    open: openSocket,
    poll: (cursor) => api.get<PollAnswer>('/events/poll', { cursor }),
    token: tabToken,
    online: () => navigator.onLine,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  },
  {
    event: (event) => {
      applyToCache(event)
      for (const listener of listeners) listener.event(event)
    },
    reset: () => {
      reloadEverything()
      for (const listener of listeners) listener.reset()
    },
    state: (next) => {
      state = next
      for (const watcher of stateWatchers) watcher()
    },
    signedOut,
    heard: setServerTime,
  },
)

function openSocket(cursor: string | null): LiveSocket {
  // The credential is the cookie, or the first message where the log-in belongs to this tab; never a part of the address.
  const url = new URL(apiUrl('/events', { cursor }), location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(url) as LiveSocket
}

/** Begins the stream; the answer ends it. */
export function startStream(): () => void {
  const wake = () => live.wake()
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  live.start()
  return () => {
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', wake)
    live.stop()
  }
}

export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function sendBeat(device: string): void {
  live.sendBeat(device)
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      stateWatchers.add(watcher)
      return () => stateWatchers.delete(watcher)
    },
    () => state,
  )
}
