//! Why the phone is not ready, in words, with the cure.
import { ApiError, Unreachable } from '@/api/errors'
import type { ProblemCode } from './state'

export interface ProblemWords {
  title: string
  /** What to do where a button cannot do it alone. */
  cure: string
  button: string
}

export const PROBLEMS: Record<ProblemCode, ProblemWords> = {
  insecure: {
    title: 'This page is not secure',
    cure: 'Browsers give the microphone only to https addresses and to localhost. Open Offhook there.',
    button: 'Check again',
  },
  unsupported: {
    title: 'This browser cannot carry calls',
    cure: 'Use a current Chrome, Edge, Firefox or Safari.',
    button: 'Check again',
  },
  microphone_refused: {
    title: 'The microphone is blocked',
    cure: 'Click the icon beside the address, allow the microphone for this page, then try again.',
    button: 'Allow microphone',
  },
  microphone_missing: {
    title: 'No microphone found',
    cure: 'Plug in a headset or switch the microphone on.',
    button: 'Check again',
  },
  microphone_busy: {
    title: 'The microphone is in use',
    cure: 'Another program holds it. Close that program’s call, then try again.',
    button: 'Try again',
  },
  no_media: {
    title: 'Sound does not get through',
    cure: 'Your network blocks UDP, by which calls carry their sound. Switch a VPN off, use another network, or ask whoever runs this one to open UDP for calls.',
    button: 'Check sound',
  },
  offline: {
    title: 'This computer is offline',
    cure: 'The phone comes back by itself with the network.',
    button: 'Reconnect',
  },
  signalling: {
    title: 'The phone service cannot be reached',
    cure: 'It is tried again by itself.',
    button: 'Reconnect',
  },
  token: {
    title: 'The phone could not log in',
    cure: 'An admin sees the reason under Doctor.',
    button: 'Reconnect',
  },
}

/** For failures before the SDK runs: the token request, the SDK's own file. */
export function problemOf(error: unknown): ProblemCode {
  if (error instanceof ApiError) return 'token'
  if (error instanceof Unreachable) return navigator.onLine ? 'signalling' : 'offline'
  return navigator.onLine ? 'signalling' : 'offline'
}

/** For the errors of the SDK's calls: only what the person at the desk can cure is a problem of the device. */
export function problemOfSdk(error: unknown): ProblemCode | null {
  const { code, originalError } = (error ?? {}) as { code?: number; originalError?: { name?: string } }
  if (code === 31401) return 'microphone_refused'
  if (code === 31402) return originalError ? problemOfMicrophone(originalError) : 'microphone_busy'
  if (code === 31003 || code === 53405) return 'no_media'
  return null
}

export function problemOfMicrophone(error: unknown): ProblemCode {
  const name = (error as { name?: string } | null)?.name
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'microphone_missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'microphone_busy'
  return 'microphone_refused'
}
