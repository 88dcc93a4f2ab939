import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callKeys } from './calls'
import { applyToCache } from './liveCache'
import { queryClient } from './queries'
import type { Call, Page } from './types'

function call(change: Partial<Call> = {}): Call {
  return {
    id: 'call_1',
    direction: 'outbound',
    status: 'ringing',
    phase: 'connecting',
    from_number: '+14155550100',
    to_number: '+14155550123',
    contact: { id: 'con_1', name: 'Ada Byron' },
    started_at: '2026-11-20T10:00:00Z',
    has_recording: false,
    has_transcript: false,
    ...change,
  }
}

const tell = (type: string, data: unknown) => applyToCache({ cursor: '1', at: '', type, data })
const update = (change: Partial<Call>) => tell('call_status_update', { call: call(change) })
const list = callKeys.list({})
const rows = () => queryClient.getQueryData<Page<Call>>(list)?.items ?? []

/** The lists that are asked for again within half a second. */
function asked(): unknown[] {
  const spy = vi.spyOn(queryClient, 'invalidateQueries')
  vi.advanceTimersByTime(500)
  const keys = spy.mock.calls.map(([filter]) => (filter?.queryKey ?? [])[0])
  spy.mockRestore()
  return keys
}

beforeEach(() => {
  vi.useFakeTimers()
  queryClient.setQueryData<Page<Call>>(list, { items: [call()], next: null })
})
afterEach(() => {
  vi.advanceTimersByTime(500)
  vi.useRealTimers()
  queryClient.clear()
})

describe('a call’s event', () => {
  it('changes its row in place, and asks for lists of others only when it moved on', () => {
    update({ customer_status: 'initiated' })
    expect(asked()).toEqual(['queues', 'agents'])
    update({ customer_status: 'ringing' })
    expect(rows()[0]?.customer_status).toBe('ringing')
    expect(asked()).toEqual([])
    update({ status: 'in-progress', phase: 'connected' })
    expect(asked()).toEqual(['queues', 'agents'])
  })

  it('of a call that no list has asks for the lists once', () => {
    update({ id: 'call_2' })
    update({ id: 'call_2', customer_status: 'ringing' })
    expect(asked()).toEqual(['calls', 'queues', 'agents'])
  })
})

describe('a contact’s event', () => {
  const ada = { id: 'con_1', name: 'Ada Lovelace' }

  it('changes it wherever it stands; only another name, by which lists are in order, is asked for', () => {
    queryClient.setQueryData(['contacts', { q: '' }], {
      pages: [{ items: [{ id: 'con_1', name: 'Ada Byron' }], next: null }],
    })
    tell('contact', { change: 'changed', id: 'con_1', contact: ada })
    expect(queryClient.getQueryData(['contacts', { q: '' }])).toMatchObject({ pages: [{ items: [ada] }] })
    expect(rows()[0]?.contact?.name).toBe('Ada Lovelace')
    expect(asked()).toEqual(['contacts', 'voicemails'])
    tell('contact', { change: 'changed', id: 'con_1', contact: { ...ada, note: 'likes numbers' } })
    expect(queryClient.getQueryData(['contacts', { q: '' }])).toMatchObject({
      pages: [{ items: [{ note: 'likes numbers' }] }],
    })
    expect(asked()).toEqual([])
  })

  it('of one more or one less asks for the list, once for many', () => {
    for (let n = 0; n < 50; n += 1) tell('contact', { change: 'added', id: `con_${n}`, contact: ada })
    tell('contact', { change: 'removed', id: 'con_1', contact: null })
    expect(asked()).toEqual(['contacts'])
  })
})
