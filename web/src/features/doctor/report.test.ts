import { describe, expect, it } from 'vitest'
import { groups, progress, summary } from './report'
import type { Check, Report, State } from './shapes'

const check = (id: string, group: Check['group'], state: State): Check => ({
  id,
  group,
  state,
  title: id,
  finding: '',
  seeds: [],
})

describe("the doctor's report", () => {
  it('groups the checks in the order that a call takes, the worst first', () => {
    const found = groups([
      check('clock', 'server', 'ok'),
      check('app', 'carrier', 'ok'),
      check('key', 'carrier', 'failed'),
      check('credit', 'carrier', 'warning'),
      check('call', 'calls', 'skipped'),
    ])
    expect(found.map((group) => [group.name, group.worst, group.checks.map((each) => each.id)])).toEqual([
      ['carrier', 'failed', ['key', 'credit', 'app']],
      ['calls', 'ok', ['call']],
      ['server', 'ok', ['clock']],
    ])
  })
  it('says in one sentence whether something must be done', () => {
    const report = (failed: number, warning: number, at: string | null = '2026-01-01T00:00:00Z'): Report => ({
      at,
      running: false,
      ok: failed === 0,
      counts: { ok: 3, warning, failed, skipped: 0 },
      checks: [],
      checklists: [],
    })
    expect(summary(report(1, 4))).toBe('One thing is broken')
    expect(summary(report(0, 2))).toBe('Calls work; 2 things to look at')
    expect(summary(report(0, 0))).toBe('Everything is connected')
    expect(summary(report(0, 0, null))).toBe('Not looked at yet')
  })
  it('counts only what is known to be done', () => {
    const items = [
      { text: 'a', done: true },
      { text: 'b', done: null },
      { text: 'c', done: false },
    ]
    expect(progress({ system: '000', name: '', items })).toEqual({ done: 1, of: 3 })
  })
})
