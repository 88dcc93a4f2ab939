//! The phone folded up on smaller screens: name and timer while there is a call, a round button otherwise.
import { IconChevronUp, IconPhone } from '@tabler/icons-react'
import { useSession } from '@/api/session'
import { useClock } from '@/lib/clock'
import { duration } from '@/lib/format'
import { partyName } from '@/lib/parties'
import { usePhoneState } from './PhoneProvider'
import classes from './Pill.module.css'
import { type ActiveCall, stageOf } from './state'
import { deviceWords, stageWords } from './words'

export function Pill({ hidden, onOpen }: { hidden: boolean; onOpen: () => void }) {
  const state = usePhoneState()
  const { tone, text } = deviceWords(state)
  if (hidden) return null
  if (state.active) return <CallPill active={state.active} onOpen={onOpen} />
  return (
    <button
      type="button"
      className={classes.round}
      data-tone={tone}
      onClick={onOpen}
      title={`Phone: ${text}`}
    >
      <IconPhone size={22} stroke={1.6} aria-hidden />
      <span className="sr-only">Open the phone</span>
      <span className={classes.dot} aria-hidden />
    </button>
  )
}

function CallPill({ active, onOpen }: { active: ActiveCall; onOpen: () => void }) {
  const { country } = useSession().organization
  const now = useClock(1000)
  const { call } = active
  return (
    <button type="button" className={classes.pill} data-stage={stageOf(active)} onClick={onOpen}>
      <IconPhone size={18} aria-hidden />
      <bdi className="cut">{partyName(call, country)}</bdi>
      <span className={`${classes.time} num`}>
        {call.answered_at
          ? duration((now - new Date(call.answered_at).getTime()) / 1000)
          : stageWords(active)}
      </span>
      <IconChevronUp size={18} aria-hidden />
      <span className="sr-only">Open the phone</span>
    </button>
  )
}
