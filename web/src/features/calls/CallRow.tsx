//! One call in the list: who, what happened, with whom of us, when, how long.
import {
  IconMicrophone2,
  IconPhoneIncoming,
  IconPhoneOutgoing,
  IconPhoneX,
  IconPlayerRecordFilled,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Call } from '@/api/types'
import { useClock } from '@/lib/clock'
import { duration } from '@/lib/format'
import { moveByArrows } from '@/lib/moveByArrows'
import { partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from '@/ui/ListRow.module.css'
import { PersonName } from '@/ui/Person'
import { When } from '@/ui/When'
import { callWords, isLive, isMissed } from './words'

interface CallRowProps {
  call: Call
  country?: string
  selected: boolean
}

export function CallRow({ call, country, selected }: CallRowProps) {
  const words = callWords(call)
  const second = [
    call.agent?.name ?? call.queue?.name ?? null,
    call.contact ? phoneNumber(partyNumber(call), country) : null,
  ].filter(Boolean)
  return (
    <Link
      to="/calls/$callId"
      params={{ callId: call.id }}
      search
      className={classes.row}
      data-selected={selected || undefined}
      data-row
      onKeyDown={moveByArrows}
      aria-current={selected ? 'true' : undefined}
    >
      <span className={classes.icon} data-meaning={isMissed(call) ? 'bad' : words.meaning}>
        <DirectionIcon call={call} />
      </span>
      <span className={classes.lines}>
        <span className={classes.line}>
          <span className={classes.name}>
            <PersonName name={partyName(call, country)} />
            {call.has_recording && <IconMicrophone2 size={14} className="quiet" aria-label="Recorded" />}
          </span>
          <span className={classes.when}>
            {isLive(call) ? (
              <Running since={call.answered_at ?? call.started_at} />
            ) : (
              <When at={call.started_at} short />
            )}
          </span>
        </span>
        <span className={classes.line}>
          <span className={`${classes.small} cut`}>{second.join(' · ')}</span>
          <span className={classes.state} data-meaning={words.meaning}>
            {isLive(call) && <IconPlayerRecordFilled size={8} aria-hidden />}
            {words.text}
            {!isLive(call) && call.talk_seconds ? (
              <span className="num">{duration(call.talk_seconds)}</span>
            ) : null}
          </span>
        </span>
      </span>
    </Link>
  )
}

function DirectionIcon({ call }: { call: Call }) {
  if (isMissed(call)) return <IconPhoneX size={20} stroke={1.6} aria-label="Missed call" />
  if (call.direction === 'inbound') return <IconPhoneIncoming size={20} stroke={1.6} aria-label="Call in" />
  return <IconPhoneOutgoing size={20} stroke={1.6} aria-label="Call out" />
}

function Running({ since }: { since: string }) {
  const now = useClock(1000)
  return <span className="num">{duration((now - new Date(since).getTime()) / 1000)}</span>
}
