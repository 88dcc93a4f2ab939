import { expect, test } from 'vitest'
import { SWITCHES, shownValue, switchWords, takenValue } from './faultWords'

const find = (name: string) => {
  const found = SWITCHES.flatMap((section) => section.switches).find((each) => each.name === name)
  if (!found) throw new Error(name)
  return found
}

test('a chance is shown in per cent and comes back as it was', () => {
  const dropped = find('duplicated')
  expect(shownValue(dropped, 0.15)).toBe(15)
  expect(takenValue(dropped, 15)).toBe(0.15)
  expect(takenValue(dropped, 101)).toBeNull()
  expect(takenValue(dropped, '')).toBeNull()
})

test('a span is milliseconds', () => {
  expect(shownValue(find('delay'), 1500)).toBe(1500)
  expect(takenValue(find('delay'), 1500.4)).toBe(1500)
  expect(takenValue(find('delay'), 700_000)).toBeNull()
})

test('what struck is told in words', () => {
  expect(switchWords('rest.answer_lost')).toBe('Done, but the answer is lost')
  expect(switchWords('rest.unheard_of')).toBe('rest.unheard_of')
})
