//! A report in the order in which somebody with a problem reads it.
import type { Check, Checklist, Report, State } from './shapes'

export interface Group {
  name: Check['group']
  title: string
  checks: Check[]
  worst: State
}

const TITLES: Record<Check['group'], string> = {
  carrier: 'Carrier account',
  webhooks: 'Webhooks',
  numbers: 'Numbers',
  calls: 'Calls',
  people: 'People',
  browser: 'Browser',
  server: 'Server',
  settings: 'Settings',
}
const RANK: Record<State, number> = { failed: 0, warning: 1, ok: 2, skipped: 3 }

/** Groups in the order that a call takes; within each, what is wrong comes first. */
export function groups(checks: Check[]): Group[] {
  return (Object.keys(TITLES) as Check['group'][]).flatMap((name) => {
    const own = checks.filter((check) => check.group === name)
    if (own.length === 0) return []
    const sorted = [...own].sort((a, b) => RANK[a.state] - RANK[b.state])
    const worst = sorted[0]?.state ?? 'ok'
    return [{ name, title: TITLES[name], checks: sorted, worst: worst === 'skipped' ? 'ok' : worst }]
  })
}

/** What stands above everything: whether something must be done, in one sentence. */
export function summary({ at, running, counts }: Report): string {
  if (!at) return running ? 'Looking for the first time' : 'Not looked at yet'
  if (counts.failed > 0)
    return counts.failed === 1 ? 'One thing is broken' : `${counts.failed} things are broken`
  if (counts.warning > 0)
    return counts.warning === 1
      ? 'Calls work; one thing to look at'
      : `Calls work; ${counts.warning} things to look at`
  return 'Everything is connected'
}

export function progress(list: Checklist): { done: number; of: number } {
  return { done: list.items.filter((item) => item.done).length, of: list.items.length }
}
