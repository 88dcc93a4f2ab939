import { expect, it } from 'vitest'
import { ourNumber, partyName, partyNumber } from './parties'

const inbound = { direction: 'inbound', from_number: '+12125550142', to_number: '+14155550100' } as const
const outbound = { direction: 'outbound', from_number: '+14155550100', to_number: '+12125550142' } as const

it('the party is who is outside, whichever way the call went', () => {
  expect([inbound, outbound].map(partyNumber)).toEqual(['+12125550142', '+12125550142'])
  expect([inbound, outbound].map(ourNumber)).toEqual(['+14155550100', '+14155550100'])
  expect(ourNumber({ ...inbound, number: '+14155550101' })).toBe('+14155550101')
})

it('is called by name, and by number where there is none', () => {
  expect(partyName({ ...inbound, contact: { name: 'Olivia' } }, 'US')).toBe('Olivia')
  expect(partyName({ ...inbound, contact: { name: '' } }, 'US')).toBe('(212) 555-0142')
  expect(partyName(outbound, 'US')).toBe('(212) 555-0142')
})
