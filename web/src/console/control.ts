//! The sandbox's control API as the console asks it.
import { useQuery } from '@tanstack/react-query'

const ROOT = '/sandbox/v1'
const OFTEN_MS = 1_000

export interface Account {
  sid: string
  friendly_name: string
  applications: { sid: string; friendly_name: string; voice_url: string }[]
  numbers: SandboxNumber[]
}

export interface SandboxNumber {
  sid: string
  number: string
  friendly_name: string
  voice_url: string
  voice_application_sid: string
}

export type Line =
  | { kind: 'text' | 'bundled' | 'digits'; value: string }
  | { kind: 'pause'; value: number }
  | { kind: 'tone'; value: { hertz: number; on: number; off: number; lasts: number } }

export type Behaviour =
  | { kind: 'answers'; ring: number; lines: Line[]; stays: number | null }
  | { kind: 'machine'; ring: number; lines: Line[]; beep: boolean; stays: number | null }
  | { kind: 'busy' | 'no_answer' | 'unreachable' | 'echo' | 'fax' | 'human' }
  | { kind: 'tone'; hertz: number; on: number; off: number }

export interface Leg {
  sid: string
  account_sid: string
  parent_call_sid: string | null
  from: string
  to: string
  direction: 'inbound' | 'outbound-api' | 'outbound-dial'
  status: string
  created_at: string
  answered_at: string | null
  ended_at: string | null
  /** `phone`, `client:…`, or the CallSid of the leg at the other end. */
  far: string
  behaviour: Behaviour | null
  events: { at: string; kind: string; what: string }[]
}

export interface SandboxPhone {
  number: string
  account_sid: string | null
  friendly_name: string | null
  behaviour: Behaviour
  /** In the hand of somebody at a console. */
  held: boolean
  call: Leg | null
}

export interface Webhook {
  id: number
  at: string
  account_sid: string
  method: string
  url: string
  params: [string, string][]
  signature: string
  attempts: { status: number | null; error: string | null; millis: number }[]
  millis: number | null
  status: number | null
  content_type: string
  body: string
  error: [number, string] | null
}

export interface Persona {
  name: string
  who: string
  lines: string[]
}

export async function ask<T>(path: string, options: { method?: string; body?: unknown } = {}): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(ROOT + path, {
      method: options.method ?? 'GET',
      headers: options.body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    })
  } catch {
    throw new Error('The sandbox does not answer. Start it again; this page goes on by itself.')
  }
  const text = await answer.text()
  if (!answer.ok) throw new Error(messageIn(text) ?? `The sandbox answered ${answer.status}.`)
  return (text ? JSON.parse(text) : undefined) as T
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message
  } catch {
    return undefined
  }
}

export const phonePath = (number: string) => `/phones/${encodeURIComponent(number)}`

export const phoneToken = (number: string) =>
  ask<{ token: string; identity: string; expires_at: string }>(`${phonePath(number)}/token`, {
    method: 'POST',
  })

export function useAccounts() {
  return useQuery({
    queryKey: ['accounts'],
    queryFn: async () => (await ask<{ accounts: Account[] }>('/accounts')).accounts,
    refetchInterval: 10_000,
  })
}

export function usePersonas() {
  return useQuery({
    queryKey: ['personas'],
    queryFn: async () => (await ask<{ personas: Persona[] }>('/personas')).personas,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useLegs() {
  return useQuery({
    queryKey: ['legs'],
    queryFn: async () => (await ask<{ calls: Leg[] }>('/calls')).calls,
    refetchInterval: OFTEN_MS,
  })
}

export const phonesKey = ['phones']

export function usePhones() {
  return useQuery({
    queryKey: phonesKey,
    queryFn: async () => (await ask<{ phones: SandboxPhone[] }>('/phones')).phones,
    refetchInterval: OFTEN_MS,
  })
}

const KEPT = 500

/** All webhooks, the newest first; only what is new or was still out is asked again. */
export function useWebhooks() {
  return useQuery({
    queryKey: ['webhooks'],
    queryFn: async ({ client }): Promise<Webhook[]> => {
      const known = client.getQueryData<Webhook[]>(['webhooks']) ?? []
      const out = known.filter((each) => each.millis === null).map((each) => each.id)
      const after = out.length > 0 ? Math.min(...out) - 1 : (known[0]?.id ?? 0)
      const { webhooks } = await ask<{ webhooks: Webhook[] }>(`/webhooks?after=${after}&limit=${KEPT}`)
      if (webhooks.length === 0) return known
      const oldest = webhooks[webhooks.length - 1]?.id ?? 0
      return [...webhooks, ...known.filter((each) => each.id < oldest)].slice(0, KEPT)
    },
    refetchInterval: OFTEN_MS,
    staleTime: 0,
  })
}
