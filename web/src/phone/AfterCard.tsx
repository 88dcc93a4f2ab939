//! After the call: how it ended, and a short while to write down what it was about.
import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useSession } from '@/api/session'
import { useClock } from '@/lib/clock'
import { duration, plural } from '@/lib/format'
import { partyName, partyNumber } from '@/lib/parties'
import classes from './AfterCard.module.css'
import { usePhone } from './PhoneProvider'
import { dispositionsQuery } from './queries'
import type { AfterCall } from './state'
import { outcomeWords } from './words'

const PLAIN_END_SHOWN_MS = 8_000

export function AfterCard({ after }: { after: AfterCall }) {
  const { organization, user } = useSession()
  const { country } = organization
  const { call } = after
  return (
    <div className={classes.card}>
      <div className={classes.head}>
        <div className={classes.words}>
          <bdi className={`${classes.name} cut`}>{partyName(call, country)}</bdi>
          <span className="quiet">
            {outcomeWords(call, user.id)}
            {call.talk_seconds ? (
              <>
                {' · '}
                <span className="num">{duration(call.talk_seconds)}</span>
              </>
            ) : null}
          </span>
        </div>
        {after.endsAt && <Countdown endsAt={after.endsAt} />}
      </div>
      {after.endsAt ? <WrapUp after={after} /> : <PlainEnd after={after} />}
    </div>
  )
}

function Countdown({ endsAt }: { endsAt: string }) {
  const at = useClock(1000)
  const left = Math.max(0, Math.ceil((new Date(endsAt).getTime() - at) / 1000))
  return (
    <span className={classes.countdown} title={`Wrap-up ends in ${plural(left, 'second')}`}>
      <span className="sr-only">Wrap-up, </span>
      <span className="num">{duration(left)}</span>
    </span>
  )
}

function WrapUp({ after }: { after: AfterCall }) {
  const phone = usePhone()
  const words = useQuery(dispositionsQuery)
  const [chosen, setChosen] = useState<string | null>(after.call.disposition ?? null)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        phone.send({ type: 'save', disposition: chosen })
      }}
    >
      <fieldset className={classes.chips}>
        <legend className="sr-only">What was it about?</legend>
        {(words.data ?? []).map((word) => (
          <button
            key={word}
            type="button"
            className={classes.chip}
            aria-pressed={chosen === word}
            onClick={() => setChosen(chosen === word ? null : word)}
          >
            {word}
          </button>
        ))}
      </fieldset>
      <Textarea
        label="Note"
        autosize
        minRows={3}
        maxRows={8}
        value={after.note}
        onChange={(event) => phone.send({ type: 'note', text: event.currentTarget.value })}
      />
      <Button type="submit" fullWidth loading={after.saving}>
        Save
      </Button>
    </form>
  )
}

/** A call without wrap-up says how it ended, once, and goes by itself. */
function PlainEnd({ after }: { after: AfterCall }) {
  const phone = usePhone()
  const { id } = after.call
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time begins anew for each call.
  useEffect(() => {
    const timer = setTimeout(() => phone.send({ type: 'dismiss' }), PLAIN_END_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [phone, id])
  const again = after.call.direction === 'outbound' && !after.call.answered_at
  return (
    <div className={classes.plain}>
      {again && (
        <Button size="compact-sm" onClick={() => void phone.dial(partyNumber(after.call), undefined)}>
          Redial
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => phone.send({ type: 'dismiss' })}>
        Dismiss
      </Button>
    </div>
  )
}
