import { expect, it } from 'vitest'
import type { Leg } from './control'
import { conversations, partyWords } from './conversations'

function leg(sid: string, change: Partial<Leg> = {}): Leg {
  return {
    sid,
    account_sid: 'AC1',
    parent_call_sid: null,
    from: '+1',
    to: '+2',
    direction: 'inbound',
    status: 'completed',
    created_at: '2026-11-20T10:00:00Z',
    answered_at: null,
    ended_at: null,
    far: 'phone',
    behaviour: null,
    events: [],
    ...change,
  }
}

it('a leg, what it dialled and what stands at the other end are one conversation', () => {
  const legs = [
    leg('CA9', { status: 'in-progress' }),
    leg('CA3', { far: 'CA2' }),
    leg('CA2', { parent_call_sid: 'CA1', far: 'CA3' }),
    leg('CA1'),
  ]
  const shown = conversations(legs).map((each) => [each.id, each.live, each.legs.map((one) => one.sid)])
  expect(shown).toEqual([
    ['CA9', true, ['CA9']],
    ['CA1', false, ['CA1', 'CA2', 'CA3']],
  ])
})

it('an end of a leg has a name that people know', () => {
  const plain = (number: string) => number
  expect(partyWords('+14155550100', plain)).toBe('+14155550100')
  expect(partyWords('client:phone_14155550177', plain)).toBe('+14155550177')
  expect(partyWords('client:o_abc_a_def', plain)).toBe('Softphone')
  expect(partyWords('', plain)).toBe('application')
})
