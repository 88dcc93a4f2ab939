import { expect, it } from 'vitest'
import type { Call } from '@/api/types'
import { lastContactWords } from './lastContact'

const call = (change: Partial<Call>) =>
  ({
    direction: 'inbound',
    outcome: 'answered',
    agent: { id: 'usr_ana', name: 'Ana Silva' },
    ...change,
  }) as Call

it('says in a few words how the last contact went', () => {
  const last = [
    call({}),
    call({ direction: 'outbound' }),
    call({ direction: 'outbound', outcome: 'busy' }),
    call({ outcome: 'voicemail', agent: null }),
    call({ outcome: 'abandoned', agent: null }),
    call({ outcome: 'missed', agent: null }),
    call({ agent: null }),
  ]
  expect(last.map(lastContactWords)).toEqual([
    'Talked with Ana',
    'Talked with Ana',
    'Ana called, no answer',
    'Left a voicemail',
    'Gave up waiting',
    'Was not answered',
    'Talked with us',
  ])
})
