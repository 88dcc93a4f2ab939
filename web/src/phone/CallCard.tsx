//! The call one is in: who, how long, and everything one can do about it.
import { Button, Textarea } from '@mantine/core'
import {
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react'
import { type ComponentType, useState } from 'react'
import { useSession } from '@/api/session'
import { now, useClock } from '@/lib/clock'
import { duration } from '@/lib/format'
import { ourNumber, partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { PersonCircle } from '@/ui/Person'
import classes from './CallCard.module.css'
import { Keypad } from './Keypad'
import { usePhone } from './PhoneProvider'
import { type Silence, silenceWords } from './silence'
import { type ActiveCall, type Stage, stageOf } from './state'
import { stageWords } from './words'

export function CallCard({ active }: { active: ActiveCall }) {
  const stage = stageOf(active)
  return (
    <div className={classes.card} data-stage={stage}>
      <Who active={active} />
      <State active={active} />
      {stage === 'detached' ? <Detached /> : <Controls active={active} stage={stage} />}
      <EndCall active={active} />
      <Notes active={active} />
    </div>
  )
}

function Who({ active }: { active: ActiveCall }) {
  const { country } = useSession().organization
  const { call } = active
  const name = partyName(call, country)
  return (
    <div className={classes.who}>
      <PersonCircle name={call.contact?.name ?? ''} size={56} />
      <bdi className={classes.name}>{name}</bdi>
      {call.contact && <span className="quiet">{phoneNumber(partyNumber(call), country)}</span>}
      <span className={`${classes.over} quiet`}>
        {call.direction === 'inbound' ? 'called' : 'from'}{' '}
        <bdi>{call.queue?.name ?? phoneNumber(ourNumber(call), country)}</bdi>
      </span>
    </div>
  )
}

function State({ active }: { active: ActiveCall }) {
  const at = useClock(1000)
  const { call } = active
  const timed = ['connected', 'on_hold', 'rejoining', 'ending'].includes(stageOf(active))
  const since = timed && call.answered_at ? (at - new Date(call.answered_at).getTime()) / 1000 : null
  return (
    <div className={classes.state}>
      <span className={classes.stage}>
        <span className={classes.dot} aria-hidden />
        <StageWords active={active} />
      </span>
      {since !== null && (
        <span className={`${classes.timer} num`} role="timer" aria-label="Call time">
          {duration(since)}
        </span>
      )}
      {call.recording && (
        <span className={classes.rec} title="This call is being recorded">
          <span aria-hidden />
          REC
        </span>
      )}
      {call.recording_paused && (
        <span className={classes.rec} data-paused title="The recording is paused: nothing is kept of this">
          <span aria-hidden />
          REC paused
        </span>
      )}
      {active.quality !== null && <Quality level={active.quality} />}
    </div>
  )
}

/** The carrier starts only so many calls in a second: a call that waits for its turn says for how long. */
function StageWords({ active }: { active: ActiveCall }) {
  const at = useClock(1000)
  const { dials_at } = active.call
  const waits = dials_at ? Math.ceil((new Date(dials_at).getTime() - at) / 1000) : 0
  if (stageOf(active) !== 'dialling' || waits <= 0) return stageWords(active)
  return (
    <span title="The carrier starts only so many calls in a second">
      Dialling in <span className="num">{waits}</span> s
    </span>
  )
}

const QUALITY = ['', 'very poor', 'poor', 'fair', 'good', 'excellent']

function Quality({ level }: { level: number }) {
  return (
    <span
      className={classes.bars}
      data-poor={level <= 2 || undefined}
      role="img"
      aria-label={`Sound quality: ${QUALITY[level]}`}
      title={`Sound quality: ${QUALITY[level]}`}
    >
      {[1, 2, 3, 4, 5].map((bar) => (
        <span key={bar} data-on={bar <= level || undefined} style={{ height: 3 + bar * 2 }} />
      ))}
    </span>
  )
}

function Detached() {
  const phone = usePhone()
  return (
    <Button fullWidth color="green" onClick={() => phone.send({ type: 'join_clicked' })}>
      Join call
    </Button>
  )
}

function Controls({ active, stage }: { active: ActiveCall; stage: Stage }) {
  const phone = usePhone()
  const talking = stage === 'connected' || stage === 'on_hold'
  const [keypad, setKeypad] = useState(false)
  const held = active.call.phase === 'on_hold'
  const joined = active.line === 'joined' || active.line === 'elsewhere'
  return (
    <>
      <div className={classes.controls}>
        <Control
          label="Mute"
          icon={active.muted ? IconMicrophoneOff : IconMicrophone}
          pressed={active.muted}
          disabled={!joined}
          why="M"
          onClick={() => phone.send({ type: 'mute', on: !active.muted })}
        />
        <Control
          label="Keypad"
          icon={IconDialpad}
          expanded={keypad}
          disabled={!joined}
          why="K"
          onClick={() => setKeypad(!keypad)}
        />
        <Control
          label={held ? 'Resume' : 'Hold'}
          icon={held ? IconPlayerPlay : IconPlayerPause}
          disabled={!talking || active.holding !== null}
          busy={active.holding !== null}
          why={talking ? 'H' : 'Possible as soon as you talk'}
          onClick={() => phone.send({ type: 'hold', on: !held })}
        />
      </div>
      {active.muted && <p className={classes.muted}>Muted: the other side does not hear you.</p>}
      {stage === 'connected' && !active.muted && active.line === 'joined' && (
        <Silent silence={active.silence} />
      )}
      {keypad && (
        <div className={classes.keypad}>
          <output className={classes.digits} aria-label="Keys pressed">
            {active.digits || '\u00a0'}
          </output>
          <Keypad onDigit={(digit) => phone.send({ type: 'digits', digits: digit })} />
        </div>
      )}
    </>
  )
}

/** Lives as long as both sides can speak, so that neither a hold nor a mute counts as silence. */
function Silent({ silence }: { silence: Silence }) {
  const [since] = useState(now)
  const words = silenceWords(silence, since, useClock(1000))
  return (
    <p className={classes.muted} role="status" hidden={!words}>
      {words}
    </p>
  )
}

interface ControlProps {
  label: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  onClick: () => void
  disabled?: boolean
  busy?: boolean
  pressed?: boolean
  expanded?: boolean
  why?: string
}

function Control({ label, icon: Icon, onClick, disabled, busy, pressed, expanded, why }: ControlProps) {
  return (
    <button
      type="button"
      className={classes.control}
      onClick={onClick}
      disabled={disabled}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-busy={busy || undefined}
      title={why}
    >
      <span className={classes.round} aria-hidden>
        <Icon size={22} stroke={1.6} />
      </span>
      {label}
    </button>
  )
}

function EndCall({ active }: { active: ActiveCall }) {
  const phone = usePhone()
  return (
    <Button
      fullWidth
      color="red"
      size="md"
      leftSection={<IconPhoneOff size={20} aria-hidden />}
      loading={active.ending}
      onClick={() => phone.send({ type: 'hang_up' })}
    >
      End call
    </Button>
  )
}

function Notes({ active }: { active: ActiveCall }) {
  const phone = usePhone()
  return (
    <Textarea
      label="Notes"
      placeholder="Kept as you type"
      autosize
      minRows={2}
      maxRows={8}
      className={classes.notes}
      value={active.note}
      onChange={(event) => phone.send({ type: 'note', text: event.currentTarget.value })}
    />
  )
}
