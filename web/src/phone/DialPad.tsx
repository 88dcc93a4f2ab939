//! The idle phone: a field for any form of number or a name, the keys, our number to show, and the last five.
import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBackspace, IconPhone, IconPhoneOutgoing } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useSession } from '@/api/session'
import type { NamedRef } from '@/api/types'
import { asTyped, dialable, isShort, looksLikeNumber, phoneNumber, unwrap } from '@/lib/phoneNumbers'
import classes from './DialPad.module.css'
import { Keypad } from './Keypad'
import { usePhone, usePhoneState } from './PhoneProvider'
import { canDial } from './phone'
import { contactsQuery, numbersQuery, recentQuery } from './queries'

const SHOWN_KEY = 'offhook.caller-id'

/** `compact` leaves the keys out, while something more important needs the room. */
export function DialPad({ compact = false }: { compact?: boolean }) {
  const phone = usePhone()
  const state = usePhoneState()
  const { country } = useSession().organization
  const [text, setText] = useState('')
  const [contact, setContact] = useState<NamedRef | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const callerId = useCallerId()
  const number = isShort(text) ? shortNumber(text) : dialable(text, country)
  const blocked = state.owner && state.device === 'problem'

  function write(next: string) {
    setText(next)
    setContact(null)
  }
  function choose(to: string, who: NamedRef | null) {
    setText(phoneNumber(to, country))
    setContact(who)
    field.current?.focus()
  }
  function call(event?: FormEvent) {
    event?.preventDefault()
    if (number && canDial(state) && !blocked) void phone.dial(number.e164, callerId.chosen, contact?.id)
  }

  return (
    <form className={classes.pad} onSubmit={call}>
      <div className={classes.field}>
        <input
          ref={field}
          type="text"
          inputMode="tel"
          autoComplete="off"
          spellCheck={false}
          aria-label="Phone number"
          aria-describedby="dial-hint"
          placeholder="Number or name"
          value={text}
          onChange={(event) => write(event.currentTarget.value)}
          onPaste={(event) => {
            event.preventDefault()
            write(unwrap(event.clipboardData.getData('text')))
          }}
          onBlur={() => !contact && setText(asTyped(text, country))}
          onKeyDown={(event) => event.key === 'ArrowDown' && focusFirst(event)}
        />
        {text && (
          <ActionIcon
            aria-label="Delete the last character"
            onClick={() => write(text.trimEnd().slice(0, -1))}
          >
            <IconBackspace size={20} stroke={1.6} />
          </ActionIcon>
        )}
      </div>
      <Hint text={text} shown={number?.shown ?? null} contact={contact} refusal={state.refusal} />
      {looksLikeNumber(text) ? (
        !compact && <Keypad onDigit={(digit) => write(text + digit)} />
      ) : (
        <Suggestions text={text} onChoose={choose} />
      )}
      {callerId.numbers.length > 1 && (
        <NativeSelect
          label="Number to show"
          size="xs"
          data={callerId.numbers.map((own) => ({
            value: own.number,
            label: own.label
              ? `${phoneNumber(own.number, country)} · ${own.label}`
              : phoneNumber(own.number, country),
          }))}
          value={callerId.chosen}
          onChange={(event) => callerId.choose(event.currentTarget.value)}
        />
      )}
      <Button
        type="submit"
        color="green"
        size="md"
        fullWidth
        leftSection={<IconPhone size={20} aria-hidden />}
        loading={state.dialling !== null}
        disabled={!number || blocked}
        title={blocked ? 'The phone is not ready; see above' : undefined}
      >
        Call
      </Button>
      <Recent onChoose={choose} />
    </form>
  )
}

/** Numbers of three to six digits are dialled as they are, the emergency numbers among them. */
function shortNumber(text: string) {
  const digits = unwrap(text).replace(/\D/g, '')
  return { e164: digits, shown: digits }
}

function focusFirst(event: KeyboardEvent<HTMLInputElement>) {
  const list = event.currentTarget.form?.querySelector<HTMLButtonElement>('[data-suggestion]')
  if (!list) return
  event.preventDefault()
  list.focus()
}

interface HintProps {
  text: string
  shown: string | null
  contact: NamedRef | null
  refusal: string | null
}

function Hint({ text, shown, contact, refusal }: HintProps) {
  return (
    <p id="dial-hint" className={classes.hint} data-bad={refusal ? true : undefined} aria-live="polite">
      {refusal ??
        (shown ? (
          <>
            {contact ? `${contact.name} · ` : 'Dials '}
            <span className="num">{shown}</span>
          </>
        ) : looksLikeNumber(text) && text ? (
          'Not a whole number yet'
        ) : (
          ''
        ))}
    </p>
  )
}

type Choose = (number: string, who: NamedRef | null) => void

function Suggestions({ text, onChoose }: { text: string; onChoose: Choose }) {
  const { country } = useSession().organization
  const [asked] = useDebouncedValue(text.trim(), 150)
  const found = useQuery({ ...contactsQuery(asked), enabled: asked.length > 1 })
  const rows = (found.data?.items ?? []).flatMap((contact) =>
    contact.phones.map((phone) => ({ contact, number: phone.number, label: phone.label })),
  )
  if (found.data && rows.length === 0) {
    return <p className={classes.none}>No contact with a phone number matches “{asked}”.</p>
  }
  return (
    <ul className={classes.rows} aria-label="Contacts">
      {rows.slice(0, 6).map(({ contact, number, label }) => (
        <li key={contact.id + number}>
          <button
            type="button"
            data-suggestion
            className={classes.row}
            onClick={() => onChoose(number, { id: contact.id, name: contact.name })}
          >
            <span className="cut">
              <span className="sr-only">Choose </span>
              <bdi>{contact.name}</bdi>
            </span>
            <span className="quiet">
              {phoneNumber(number, country)}
              {label ? ` · ${label}` : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Recent({ onChoose }: { onChoose: Choose }) {
  const { country } = useSession().organization
  const recent = useQuery(recentQuery)
  if (!recent.data?.length) return null
  return (
    <section className={classes.recent} aria-label="Last numbers">
      <h3>Last numbers</h3>
      <ul className={classes.rows}>
        {recent.data.map((call) => {
          const name = call.contact?.name ?? phoneNumber(call.to_number, country)
          return (
            <li key={call.id}>
              <button
                type="button"
                className={classes.row}
                onClick={() => onChoose(call.to_number, call.contact ?? null)}
              >
                <span className={classes.last}>
                  <IconPhoneOutgoing size={16} stroke={1.6} aria-hidden />
                  <span className="sr-only">Redial </span>
                  <bdi className="cut">{name}</bdi>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The organization's number that the other side will see; remembered on this computer. */
function useCallerId() {
  const numbers = useQuery(numbersQuery).data ?? []
  const [wanted, setWanted] = useState(() => localStorage.getItem(SHOWN_KEY))
  const chosen = numbers.find((own) => own.number === wanted)?.number
  return {
    numbers,
    chosen,
    choose: (number: string) => {
      localStorage.setItem(SHOWN_KEY, number)
      setWanted(number)
    },
  }
}
