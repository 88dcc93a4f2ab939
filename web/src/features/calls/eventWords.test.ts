import { describe, expect, it } from 'vitest'
import { eventWords, hasData } from './eventWords'

const event = (type: string, payload: unknown = {}) => ({
  sequence: 1,
  at: '2026-11-20T10:00:00Z',
  source: 'carrier',
  type,
  payload: payload as Record<string, never>,
})

describe('a step of a call', () => {
  it('is told in words, a leg’s by the status that the carrier sent', () => {
    expect(eventWords(event('hold'))).toBe('Put on hold')
    expect(eventWords(event('leg', { said: { CallStatus: 'no-answer' } }))).toBe('No answer')
    expect(eventWords(event('leg', { said: [['CallStatus', 'busy']] }))).toBe('Busy')
    expect(eventWords(event('leg', { said: { status: 'completed' } }))).toBe('Hung up')
    expect(eventWords(event('leg', null))).toBe('A leg changed')
  })

  it('of a kind that this page does not know yet is still readable', () => {
    expect(eventWords(event('moved_elsewhere'))).toBe('Moved elsewhere')
  })

  it('has data only where there is something in it', () => {
    expect(hasData(event('hold'))).toBe(false)
    expect(hasData(event('hold', { by: 'usr_1' }))).toBe(true)
  })
})
