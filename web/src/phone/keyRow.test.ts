import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { KeyRow } from './keyRow'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('T-dtmf: keys that are pressed faster than they sound all follow, each in its time', () => {
  const pressed: string[] = []
  const row = new KeyRow((key) => pressed.push(key))
  row.add('4')
  row.add('2')
  row.add('#1')
  expect(pressed).toEqual(['4'])
  vi.advanceTimersByTime(250)
  expect(pressed).toEqual(['4', '2'])
  vi.advanceTimersByTime(10_000)
  expect(pressed).toEqual(['4', '2', '#', '1'])
  row.add('9')
  expect(pressed.at(-1)).toBe('9')
})

it('keys of a call that is over are not pressed in the next', () => {
  const pressed: string[] = []
  const row = new KeyRow((key) => pressed.push(key))
  row.add('12')
  row.clear()
  row.add('3')
  vi.advanceTimersByTime(10_000)
  expect(pressed).toEqual(['1', '3'])
})
