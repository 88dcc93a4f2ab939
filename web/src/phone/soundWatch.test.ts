import { expect, it } from 'vitest'
import { SoundWatch } from './soundWatch'

const sample = (packetsReceived: number, mos: number | null = 4.3) => ({ mos, totals: { packetsReceived } })

it('says once that no sound arrives, and once that it does after all', () => {
  const watch = new SoundWatch()
  const said = [0, 0, 0, 0, 0, 50, 100].map((packets) => watch.take(sample(packets)).changed)
  expect(said).toEqual([null, null, null, 'silent', null, 'flowing', null])
})

it('tells quality in five steps, and nothing while nothing is heard', () => {
  const watch = new SoundWatch()
  const levels = [4.4, 3.9, 3.5, 3.0, 1.2, null].map((mos) => watch.take(sample(10, mos)).level)
  expect(levels).toEqual([5, 4, 3, 2, 1, null])
  expect(watch.take(sample(0)).level).toBeNull()
})
