//! What a webhook is about, in a word or two, and which ones fit the filters.
import type { Webhook } from './control'

export type Kind = 'all' | 'twiml' | 'callbacks' | 'failed'

export interface Filters {
  kind: Kind
  /** An account's SID; empty for all. */
  account: string
  /** Any part of the address, a parameter or the answer. */
  search: string
}

const SAYS = [
  'StatusCallbackEvent',
  'RecordingStatus',
  'QueueResult',
  'DialCallStatus',
  'Digits',
  'CallStatus',
]

export const param = (webhook: Webhook, name: string): string | undefined =>
  webhook.params.find(([key]) => key === name)?.[1]

/** The parameter that says most. */
export function says(webhook: Webhook): string {
  if (param(webhook, 'sound_check')) return 'sound check of a browser'
  const name = SAYS.find((each) => param(webhook, each))
  const value = name ? (param(webhook, name) ?? '') : ''
  return name === 'Digits' ? `digits ${value}` : value
}

/** Without host, query and connection overrides. */
export function pathOf(url: string): string {
  try {
    return new URL(url).pathname
  } catch {
    return url
  }
}

export function failed(webhook: Webhook): boolean {
  return webhook.error !== null || (webhook.status ?? 200) >= 400
}

const isTwiml = (webhook: Webhook) => webhook.content_type.includes('xml')

export function fits(webhook: Webhook, filters: Filters): boolean {
  if (filters.account && webhook.account_sid !== filters.account) return false
  if (filters.kind === 'failed' && !failed(webhook)) return false
  if (filters.kind === 'twiml' && !isTwiml(webhook)) return false
  if (filters.kind === 'callbacks' && (webhook.millis === null || isTwiml(webhook))) return false
  const search = filters.search.trim().toLowerCase()
  if (!search) return true
  const text = [webhook.url, webhook.body, ...webhook.params.map(([key, value]) => `${key}=${value}`)]
  return text.some((each) => each.toLowerCase().includes(search))
}

/** `14:05:09.123`: webhooks follow each other within milliseconds. */
export function clock(at: string): string {
  const time = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
