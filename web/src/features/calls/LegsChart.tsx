//! The call's legs on one line of time: rang light, talked full.
import { Title } from '@mantine/core'
import { useClock } from '@/lib/clock'
import { clockTime, duration } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import type { CallDetails, DetailLeg } from './detail'
import classes from './LegsChart.module.css'

const ROLE = {
  customer: 'Customer',
  agent: 'Agent',
  supervisor: 'Supervisor',
  external: 'Other phone',
} as const

export function LegsChart({ call, country }: { call: CallDetails; country?: string }) {
  const now = useClock(1000)
  if (call.legs.length === 0) return null
  const start = new Date(call.started_at).getTime()
  const ends = call.legs.map((leg) => (leg.ended_at ? new Date(leg.ended_at).getTime() : now))
  const span = Math.max(1000, Math.max(...ends) - start)
  const at = (time: string | null | undefined, otherwise: number) =>
    Math.min(100, Math.max(0, (((time ? new Date(time).getTime() : otherwise) - start) / span) * 100))
  return (
    <section aria-label="Who was on the line, and when">
      <Title order={3}>On the line</Title>
      <div className={classes.chart}>
        {call.legs.map((leg) => {
          const from = at(leg.started_at, start)
          const to = at(leg.ended_at, now)
          const answered = leg.answered_at ? at(leg.answered_at, now) : to
          return (
            <div key={leg.id} className={classes.leg}>
              <span className="cut" title={legName(leg, country)}>
                {legName(leg, country)}
              </span>
              <span className={classes.line}>
                <span
                  className={classes.rang}
                  style={{ left: `${from}%`, width: `${Math.max(0.5, answered - from)}%` }}
                  title={`Rang from ${clockTime(leg.started_at)}`}
                />
                {leg.answered_at && (
                  <span
                    className={classes.talked}
                    data-role={leg.role}
                    style={{ left: `${answered}%`, width: `${Math.max(0.5, to - answered)}%` }}
                    title={`On the line from ${clockTime(leg.answered_at)}`}
                  />
                )}
              </span>
              <span className={`${classes.length} num`}>{legLength(leg, now)}</span>
            </div>
          )
        })}
      </div>
    </section>
  )
}

function legName(leg: DetailLeg, country?: string): string {
  if (leg.agent) return leg.agent.name
  return leg.role === 'external' && leg.number ? phoneNumber(leg.number, country) : ROLE[leg.role]
}

function legLength(leg: DetailLeg, now: number): string {
  if (!leg.answered_at) return leg.status === 'no-answer' ? 'no answer' : leg.status
  const end = leg.ended_at ? new Date(leg.ended_at).getTime() : now
  return duration((end - new Date(leg.answered_at).getTime()) / 1000)
}
