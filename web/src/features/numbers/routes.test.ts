import { describe, expect, it } from 'vitest'
import { routeSentence } from './routes'

const names = { queue: () => 'Support', agent: (id: string) => id, phone: (number: string) => number }

describe("a number's route in a sentence", () => {
  it('says where a call goes and what follows', () => {
    expect(routeSentence({ to: { kind: 'queue', queue: 'q' }, overflow: { kind: 'voicemail' } }, names)).toBe(
      'Waits in Support and rings its agents; nobody takes it: voicemail.',
    )
  })
  it('does not name everybody of a large group', () => {
    const to = { kind: 'ring_agents', agents: ['Ana', 'Ben', 'Cleo', 'Dan'], seconds: 30 } as const
    expect(routeSentence({ to: { ...to, agents: [...to.agents] } }, names)).toBe('Rings Ana, Ben and 2 more.')
  })
})
