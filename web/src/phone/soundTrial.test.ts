import { expect, it } from 'vitest'
import { SoundTrial } from './soundTrial'

const sample = (packetsReceived: number, mos: number | null = 4.3, rtt = 24.4) => ({
  mos,
  rtt,
  totals: { packetsReceived },
})

it('is good once sound has come for a few seconds, with the delay', () => {
  const trial = new SoundTrial()
  const found = [0, 40, 90, 140, 190].map((packets) => trial.take(sample(packets)))
  expect(found.slice(0, 4)).toEqual([null, null, null, null])
  expect(found[4]).toEqual({ verdict: 'good', delay: 24 })
})

it('is poor when the sound is choppy for longer than the first second', () => {
  const trial = new SoundTrial()
  expect([4.4, 2.9, 3.0, 3.1].map((mos) => trial.take(sample(50, mos))).at(-1)?.verdict).toBe('poor')
  const settles = new SoundTrial()
  expect([1.2, 4.2, 4.3, 4.3].map((mos) => settles.take(sample(50, mos))).at(-1)?.verdict).toBe('good')
})

it('says nothing about sound that never came, and does not need a score to hear it', () => {
  const trial = new SoundTrial()
  for (let second = 0; second < 9; second += 1) expect(trial.take(sample(0, null))).toBeNull()
  expect(trial.soFar()).toBeNull()
  trial.take(sample(50, null, Number.NaN))
  expect(trial.soFar()).toEqual({ verdict: 'good', delay: null })
})
