//! The other side of every call: phones of the sandbox, driven by its control API.
import { inject } from 'vitest'
import { eventually } from './eventually'

export type Behaviour =
  | { kind: 'tone'; hertz: number; on: number; off: number }
  | { kind: 'busy' }
  | { kind: 'no_answer' }
  | { kind: 'echo' }
  | { kind: 'human' }

export interface Truth {
  sid: string
  status: string
  [key: string]: unknown
}

export const pulsed = (hertz: number): Behaviour => ({ kind: 'tone', hertz, on: 250, off: 250 })

export async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${inject('demo').sandbox}/sandbox/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

const phone = (number: string) => `/phones/${encodeURIComponent(number)}`

/** A customer picks up a phone and calls the organization. */
export const dial = (from: string, behaviour: Behaviour = pulsed(700)) =>
  control<Truth>('POST', `${phone(from)}/dial`, { to: inject('demo').organization.number, behaviour })

export const hangUp = (number: string) => control<Truth>('POST', `${phone(number)}/hangup`, {})

/** How a phone behaves from its next call on. */
export const behave = (number: string, behaviour: Behaviour) =>
  control<void>('PUT', `${phone(number)}/behaviour`, behaviour)

export const truth = (sid: string) => control<Truth>('GET', `/calls/${sid}`)

export async function isOver(sid: string): Promise<void> {
  await eventually(`the phone's call ${sid} is over`, async () =>
    ['completed', 'busy', 'no-answer', 'failed', 'canceled'].includes((await truth(sid)).status),
  )
}
