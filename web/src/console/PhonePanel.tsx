//! The phone: dial, answer, speak, press keys, hang up.
import { Alert, Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useClock } from '@/lib/clock'
import { duration } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Keypad } from '@/phone/Keypad'
import { Failed } from '@/ui/states'
import { useAccounts, usePersonas } from './control'
import { Handset, type HandsetCall, type HandsetState } from './handset'
import { doorsOf, e164, type NamedNumber, phonesOf } from './numbers'
import classes from './PhonePanel.module.css'
import { MICROPHONE, whoSpeaks } from './voice'

const handset = new Handset()

export function PhonePanel() {
  const state = useSyncExternalStore(handset.subscribe, handset.snapshot)
  const accounts = useAccounts()
  const [who, setWho] = useState(MICROPHONE)
  const phones = phonesOf(accounts.data ?? [])
  const [chosen, setChosen] = useState('')
  const number = phones.some((phone) => phone.number === chosen) ? chosen : (phones[0]?.number ?? '')
  return (
    <section className={classes.phone} aria-label="Phone">
      {accounts.isError && !accounts.data ? (
        <Failed error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : accounts.data && phones.length === 0 ? (
        <Alert color="yellow" title="There is no phone to pick up">
          A phone is a number without a voice URL. Start the sandbox with an account that has one, or take the
          voice URL of a number away.
        </Alert>
      ) : (
        <>
          <YourPhone state={state} phones={phones} number={number} onChoose={setChosen} />
          <WhoSpeaks
            who={who}
            locked={state.call !== null && state.call.state !== 'ringing'}
            onChange={setWho}
          />
          {state.call ? (
            <InCall call={state.call} who={who} />
          ) : (
            <Idle from={number} who={who} doors={doorsOf(accounts.data ?? [])} />
          )}
        </>
      )}
      <div aria-live="polite">
        {state.said && !state.call && (
          <Alert color={state.said.bad ? 'red' : 'gray'} variant="light" py="xs" px="md">
            {state.said.text}
          </Alert>
        )}
      </div>
    </section>
  )
}

interface YourPhoneProps {
  state: HandsetState
  phones: NamedNumber[]
  number: string
  onChoose: (number: string) => void
}

function YourPhone({ state, phones, number, onChoose }: YourPhoneProps) {
  const [here, setHere] = useState(false)
  const choose = (next: string) => {
    onChoose(next)
    if (here) void handset.takeUp(next)
  }
  const ring = (on: boolean) => {
    setHere(on)
    if (on) void handset.takeUp(number)
    else handset.putDown()
  }
  const words = { down: 'Answers by itself when called', connecting: 'Connecting', ready: 'In your hand' }
  return (
    <div className={classes.yours}>
      <NativeSelect
        label="Your phone"
        value={number}
        disabled={state.call !== null}
        data={phones.map((phone) => ({
          value: phone.number,
          label: `${phoneNumber(phone.number, 'US')} · ${phone.owner}`,
        }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Switch
        label="Ring here when it is called"
        description={words[state.device]}
        checked={here}
        disabled={state.call !== null}
        onChange={(event) => ring(event.currentTarget.checked)}
      />
    </div>
  )
}

function WhoSpeaks({
  who,
  locked,
  onChange,
}: {
  who: string
  locked: boolean
  onChange: (who: string) => void
}) {
  const personas = usePersonas()
  const script = personas.data?.find((persona) => persona.name === who)
  return (
    <div>
      <NativeSelect
        label="Who speaks"
        value={who}
        disabled={locked}
        data={[
          { value: MICROPHONE, label: 'Microphone' },
          ...(personas.data ?? []).map((persona) => ({ value: persona.name, label: persona.who })),
        ]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {script && <blockquote className={classes.script}>{script.lines.join(' ')}</blockquote>}
    </div>
  )
}

function Idle({ from, who, doors }: { from: string; who: string; doors: NamedNumber[] }) {
  const [text, setText] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const shown = text ?? doors[0]?.number ?? ''
  const type = (next: string) => {
    setText(next)
    setWrong(null)
  }
  const call = () => {
    const to = e164(shown)
    if (to) return void handset.dial(from, to, who)
    setWrong('Type a whole number, such as +14155550123')
    field.current?.focus()
  }
  return (
    <form
      className={classes.idle}
      onSubmit={(event) => {
        event.preventDefault()
        call()
      }}
    >
      <TextInput
        ref={field}
        label="Number to call"
        inputMode="tel"
        autoComplete="off"
        value={shown}
        error={wrong}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {doors.length > 0 && (
        <div className={classes.doors}>
          {doors.map((door) => (
            <button
              key={door.number}
              type="button"
              className={classes.door}
              onClick={() => type(door.number)}
            >
              <bdi className="cut">{door.owner}</bdi>
              <span className="num">{phoneNumber(door.number, 'US')}</span>
            </button>
          ))}
        </div>
      )}
      <Keypad onDigit={(digit) => type(shown + digit)} />
      <Button type="submit" color="green" size="md" leftSection={<IconPhone size={18} />} disabled={!from}>
        Call
      </Button>
    </form>
  )
}

function InCall({ call, who }: { call: HandsetCall; who: string }) {
  const personas = usePersonas().data ?? []
  const ringing = call.direction === 'in' && call.state === 'ringing'
  useKeys(call)
  const words = ringing
    ? 'is calling you'
    : { ringing: 'Ringing', connecting: 'Connecting', talking: 'Talking' }[call.state]
  return (
    <div className={classes.call}>
      <div className={classes.head} data-state={call.state}>
        <strong className="num">{phoneNumber(call.other, 'US')}</strong>
        <span role="status">{words}</span>
        {call.since !== null && <Timer since={call.since} />}
        <small className="quiet">
          {ringing ? 'Choose above who speaks for you' : `${whoSpeaks(call.who, personas)} speaking`}
        </small>
      </div>
      {ringing ? (
        <div className={classes.two}>
          <Button
            color="red"
            size="md"
            leftSection={<IconPhoneOff size={18} />}
            onClick={() => handset.decline()}
          >
            Decline
          </Button>
          <Button
            color="green"
            size="md"
            leftSection={<IconPhone size={18} />}
            onClick={() => void handset.answer(who)}
          >
            Answer
          </Button>
        </div>
      ) : (
        <>
          <output className={`${classes.keys} num`} aria-label="Keys pressed">
            {call.keys}
          </output>
          <Keypad onDigit={(digit) => handset.press(digit)} />
          <div className={classes.two}>
            <Button
              variant="default"
              size="md"
              aria-pressed={call.muted}
              disabled={call.state !== 'talking'}
              leftSection={call.muted ? <IconMicrophoneOff size={18} /> : <IconMicrophone size={18} />}
              onClick={() => handset.mute(!call.muted)}
            >
              {call.muted ? 'Unmute' : 'Mute'}
            </Button>
            <Button
              color="red"
              size="md"
              leftSection={<IconPhoneOff size={18} />}
              onClick={() => handset.hangUp()}
            >
              Hang up
            </Button>
          </div>
        </>
      )}
    </div>
  )
}

/** Digits on the keyboard are keys of the phone while somebody talks and no field wants them. */
function useKeys(call: HandsetCall) {
  const talking = call.state === 'talking'
  // The keyboard belongs to the page.
  useEffect(() => {
    if (!talking) return
    const onKey = (event: KeyboardEvent) => {
      const field = (event.target as HTMLElement).closest('input, select, textarea')
      if (field || event.ctrlKey || event.metaKey || event.altKey) return
      if (/^[0-9*#]$/.test(event.key)) handset.press(event.key)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [talking])
}

function Timer({ since }: { since: number }) {
  const now = useClock(1000)
  return <span className="num">{duration((now - since) / 1000)}</span>
}
