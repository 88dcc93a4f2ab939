import { describe, expect, it } from 'vitest'
import type { Webhook } from './control'
import { failed, fits, pathOf, says } from './webhookWords'

function webhook(change: Partial<Webhook> = {}): Webhook {
  return {
    id: 1,
    at: '2026-11-20T10:00:00Z',
    account_sid: 'AC1',
    method: 'POST',
    url: 'http://localhost:8080/webhooks/twilio/voice?step=2#rc=1',
    params: [
      ['CallSid', 'CA1'],
      ['CallStatus', 'ringing'],
    ],
    signature: 'x',
    attempts: [],
    millis: 12,
    status: 200,
    content_type: 'text/xml',
    body: '<Response><Hangup/></Response>',
    error: null,
    ...change,
  }
}

const all = { kind: 'all', account: '', search: '' } as const

describe('the list of webhooks', () => {
  it('names the path and the parameter that says most', () => {
    expect(pathOf(webhook().url)).toBe('/webhooks/twilio/voice')
    expect(says(webhook())).toBe('ringing')
    expect(
      says(
        webhook({
          params: [
            ['Digits', '2'],
            ['CallStatus', 'in-progress'],
          ],
        }),
      ),
    ).toBe('digits 2')
  })

  it('finds by kind, account, and any part of request or answer', () => {
    expect(fits(webhook(), { ...all, kind: 'twiml' })).toBe(true)
    expect(fits(webhook(), { ...all, kind: 'callbacks' })).toBe(false)
    expect(fits(webhook(), { ...all, account: 'AC2' })).toBe(false)
    expect(fits(webhook(), { ...all, search: 'ca1' })).toBe(true)
    expect(fits(webhook(), { ...all, search: 'hangup' })).toBe(true)
    expect(fits(webhook(), { ...all, search: 'CA9' })).toBe(false)
  })

  it('counts refusals and missing answers as failed, one that is still out not yet', () => {
    expect(failed(webhook({ status: 403 }))).toBe(true)
    expect(failed(webhook({ status: null, error: [11205, 'could not connect'] }))).toBe(true)
    expect(failed(webhook({ status: null, millis: null }))).toBe(false)
    expect(fits(webhook({ millis: null, content_type: '' }), { ...all, kind: 'callbacks' })).toBe(false)
  })
})
