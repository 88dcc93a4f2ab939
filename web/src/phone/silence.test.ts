import { expect, it } from 'vitest'
import { NO_SILENCE, type Silence, SilenceWatch, silenceWords } from './silence'

function watched(loudness: [ours: number, theirs: number][]): Silence[] {
  const said: Silence[] = []
  const watch = new SilenceWatch((silence) => said.push(silence))
  loudness.forEach(([ours, theirs], second) => {
    watch.take(ours, theirs, second * 1000)
  })
  return said
}

it('reports when a side falls silent and when it is heard again, not in between', () => {
  const said = watched([
    [0.2, 0.2],
    [0, 0.2],
    [0, 0.2],
    [0.1, 0],
  ])
  expect(said).toEqual([
    { ours: null, theirs: null, everHeard: true },
    { ours: 1000, theirs: null, everHeard: true },
    { ours: null, theirs: 3000, everHeard: true },
  ])
})

it('warns soon about a microphone that never gave a sound, and late about one that did', () => {
  const never = { ...NO_SILENCE, ours: 0 }
  expect(silenceWords(never, 0, 7_000)).toBeNull()
  expect(silenceWords(never, 0, 8_000)).toMatch(/do not hear you/)
  const before = { ...never, everHeard: true }
  expect(silenceWords(before, 0, 30_000)).toBeNull()
  expect(silenceWords(before, 0, 45_000)).toMatch(/do not hear you/)
})

it('counts neither the hold nor the mute as silence', () => {
  const held = { ...NO_SILENCE, theirs: 0, ours: 0 }
  expect(silenceWords(held, 60_000, 61_000)).toBeNull()
  expect(silenceWords({ ...held, ours: null }, 60_000, 86_000)).toMatch(/other side/)
})
