import { describe, expect, it } from 'vitest'
import { hasFilters, readFilters, toQuery } from './filters'

describe('the filters of the call list', () => {
  it('leave out whatever an address holds that is none', () => {
    expect(readFilters({ show: 'everything', from: 'yesterday', agent: 3, q: ' ' })).toEqual({})
    expect(hasFilters(readFilters({ show: 'x' }))).toBe(false)
  })
  it('keep a number that somebody searches for as text', () => {
    expect(readFilters({ q: 4155550123 }).q).toBe('4155550123')
  })
  it('ask for whole days of the reader', () => {
    const query = toQuery(readFilters({ from: '2026-11-01', to: '2026-11-02' }))
    const span = new Date(query.to ?? '').getTime() - new Date(query.from ?? '').getTime()
    expect(Math.round(span / 3_600_000)).toBe(48)
  })
  it('count as missed only calls that came in', () => {
    expect(toQuery({ show: 'missed' }).direction).toBe('inbound')
  })
})
