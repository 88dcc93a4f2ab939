//! Every step of a call in order, with what the carrier sent for those who want to know.
import { Button, Code, Title } from '@mantine/core'
import { useState } from 'react'
import { useMay } from '@/api/session'
import { duration, exactTime } from '@/lib/format'
import type { CallDetails, DetailEvent } from './detail'
import classes from './Events.module.css'
import { eventWords, hasData } from './eventWords'

const FIRST = 6

export function Events({ call }: { call: CallDetails }) {
  const [all, setAll] = useState(false)
  if (call.events.length === 0) return null
  const start = new Date(call.started_at).getTime()
  const shown = all ? call.events : call.events.slice(0, FIRST)
  return (
    <section aria-label="What happened, step by step">
      <Title order={3}>Step by step</Title>
      <ol className={classes.list}>
        {shown.map((event) => (
          <Step key={event.sequence} event={event} start={start} />
        ))}
      </ol>
      {call.events.length > FIRST && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${call.events.length}`}
        </Button>
      )}
    </section>
  )
}

function Step({ event, start }: { event: DetailEvent; start: number }) {
  const [open, setOpen] = useState(false)
  const mayInspect = useMay('view_audit')
  return (
    <li className={classes.step} data-source={event.source}>
      <time dateTime={event.at} title={exactTime(event.at)} className={classes.at}>
        {after((new Date(event.at).getTime() - start) / 1000)}
      </time>
      <span className={classes.dot} aria-hidden />
      <span>
        {eventWords(event)}
        {mayInspect && hasData(event) && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            ml={8}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            Data
          </Button>
        )}
        {open && (
          <Code block mt={4}>
            {JSON.stringify(event.payload, null, 2)}
          </Code>
        )}
      </span>
    </li>
  )
}

/** Minutes into the call; what came long afterwards is told in hours or days. */
function after(seconds: number): string {
  if (seconds < 3600) return duration(seconds)
  const hours = Math.round(seconds / 3600)
  return hours < 48 ? `+${hours} h` : `+${Math.round(hours / 24)} d`
}
