import { describe, expect, it } from 'vitest'
import type { Call } from '@/api/types'
import { endingWords } from './endings'

const ana = { id: 'usr_ana', name: 'Ana Lopez' }

function ended(change: Partial<Call>): Call {
  return {
    id: 'call_1',
    direction: 'inbound',
    status: 'completed',
    phase: 'ended',
    outcome: 'answered',
    from_number: '+14155550123',
    to_number: '+14155550100',
    agent: ana,
    started_at: '2026-11-20T10:00:00Z',
    answered_at: '2026-11-20T10:00:05Z',
    has_recording: false,
    has_transcript: false,
    ...change,
  }
}

describe('how a call ended', () => {
  it('is told by who hung up', () => {
    expect(endingWords(ended({ ended_by: 'customer' }))).toBe('The customer hung up')
    expect(endingWords(ended({ ended_by: 'agent' }), 'usr_ana')).toBe('You ended the call')
    expect(endingWords(ended({ ended_by: 'agent' }), 'usr_ben')).toBe('Ana Lopez ended the call')
    expect(endingWords(ended({ ended_by: 'supervisor' }), 'usr_ana')).toBe('A supervisor ended the call')
    expect(endingWords(ended({ ended_by: 'carrier' }))).toBe('The connection was lost')
    expect(endingWords(ended({ ended_by: 'system' }))).toBe('A time limit ended the call')
  })

  it('of a forwarded call names the phone, which is nobody of the team', () => {
    const call = ended({ outcome: 'forwarded', agent: null, ended_by: 'agent' })
    expect(endingWords(call)).toBe('The other phone hung up')
  })

  it('before an answer says who called it off, and nothing where the outcome says it', () => {
    const unanswered = { direction: 'outbound', answered_at: null } as const
    const off = ended({ ...unanswered, outcome: 'canceled', ended_by: 'agent' })
    expect(endingWords(off, 'usr_ana')).toBe('You ended the call before it was answered')
    const late = ended({ ...unanswered, outcome: 'failed', ended_by: 'system' })
    expect(endingWords(late, 'usr_ana')).toBe('Your phone did not connect in time')
    expect(endingWords(ended({ ...unanswered, outcome: 'busy', ended_by: 'customer' }))).toBeNull()
    expect(endingWords(ended({ ended_by: null }))).toBeNull()
  })
})
