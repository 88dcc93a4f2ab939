import { describe, expect, it } from 'vitest'
import { duration, initials, money, relativeTime, shortTime, spokenDuration } from './format'
import { dialable, looksLikeNumber, phoneNumber } from './phoneNumbers'

describe('durations', () => {
  it('are minutes and seconds, with hours only when there are any', () => {
    expect([0, 7, 187, 3729, -3].map(duration)).toEqual(['0:00', '0:07', '3:07', '1:02:09', '0:00'])
    expect(duration(null)).toBe('–')
  })
  it('are read aloud in words', () => {
    expect([1, 60, 187].map(spokenDuration)).toEqual(['1 second', '1 minute', '3 minutes 7 seconds'])
  })
})

describe('moments', () => {
  const now = new Date(2026, 10, 20, 12, 0, 0).getTime()
  const ago = (minutes: number) => relativeTime(now - minutes * 60_000, now, 'en-GB')
  it('are said as people say them', () => {
    expect([0.2, 2, 65, 60 * 11, 60 * 24, 60 * 24 * 17].map(ago)).toEqual([
      'just now',
      '2 min ago',
      '1 h ago',
      '1:00',
      'Yesterday 12:00',
      '3 Nov',
    ])
  })
  it('are the day alone in a narrow list', () => {
    const short = (minutes: number) => shortTime(now - minutes * 60_000, now, 'en-GB')
    expect([2, 60 * 11, 60 * 24, 60 * 24 * 2, 60 * 24 * 17].map(short)).toEqual([
      '2 min ago',
      '1:00',
      'Yesterday',
      'Wed',
      '3 Nov',
    ])
  })
})

describe('money', () => {
  it('keeps the fractions of a cent that carriers charge, and no empty ones', () => {
    expect(money({ amount: '0.0120', currency: 'USD' }, 'en-US')).toBe('$0.012')
    expect(money({ amount: '3.5', currency: 'USD' }, 'en-US')).toBe('$3.50')
    expect(money(null)).toBe('–')
  })
})

describe('initials', () => {
  it('take letters of any script and none of a number', () => {
    expect(['Ana Lopez', 'ana', 'محمد علي', '+1 415', ''].map(initials)).toEqual(['AL', 'A', 'مع', '', ''])
  })
})

describe('phone numbers', () => {
  it('are national at home and carry their country when foreign', () => {
    expect(phoneNumber('+14155550123', 'US')).toBe('(415) 555-0123')
    expect(phoneNumber('+442079460018', 'US')).toBe('+44 20 7946 0018')
  })
  it('of withheld callers are words', () => {
    expect(['anonymous', '+266696687', 'Restricted', null].map((raw) => phoneNumber(raw, 'US'))).toEqual([
      'Number withheld',
      'Number withheld',
      'Number withheld',
      'Unknown number',
    ])
  })
  it('are understood in any pasted form', () => {
    const pasted = ['415.555.0123', 'tel:+1-415-555-0123', '1 (415) 555 0123', '\u202a+1 415 555 0123\u202c']
    expect(pasted.map((text) => dialable(text, 'US')?.e164)).toEqual(Array(4).fill('+14155550123'))
    expect(dialable('020 7946 0018', 'GB')?.e164).toBe('+442079460018')
    expect(dialable('12', 'US')).toBeNull()
    expect(dialable('Ana', 'US')).toBeNull()
  })
  it('are told apart from names', () => {
    expect(['+1 415', '(0)20', 'Ana', '4 Seasons Ltd', ''].map(looksLikeNumber)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
  })
})
