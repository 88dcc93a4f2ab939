//! Every offered call as a card of its own, over whatever page is open; it never takes the focus from a text field.
import { Button } from '@mantine/core'
import { IconPhone, IconPhoneX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useSession } from '@/api/session'
import { useClock } from '@/lib/clock'
import { duration, initials, plural } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { When } from '@/ui/When'
import classes from './IncomingCalls.module.css'
import { lastContactQuery, lastContactWords } from './lastContact'
import { usePhone, usePhoneState } from './PhoneProvider'
import { isOver, type Ringing } from './state'
import { whoOffers } from './words'

export function IncomingCalls() {
  const state = usePhoneState()
  const talking = Boolean(state.active && !isOver(state.active.call))
  if (state.offers.length === 0) return null
  return (
    <div className={classes.stack} data-talking={talking || undefined}>
      {state.offers.map((offer, index) => (
        <IncomingCall key={offer.id} offer={offer} first={index === 0} talking={talking} />
      ))}
    </div>
  )
}

function IncomingCall({ offer, first, talking }: { offer: Ringing; first: boolean; talking: boolean }) {
  const phone = usePhone()
  const { country } = useSession().organization
  const now = useClock(1000)
  const accept = useRef<HTMLButtonElement>(null)
  const who = whoOffers(offer, country)
  const number = phoneNumber(offer.from_number, country)
  const place = offer.queue?.name ?? phoneNumber(offer.to_number, country)
  const waited = (now - new Date(offer.waiting_since).getTime()) / 1000
  // The focus is brought here only when nobody is typing or talking.
  useEffect(() => {
    const focused = document.activeElement
    const typing =
      focused instanceof HTMLElement && focused.matches('input, textarea, select, [contenteditable]')
    if (first && !talking && !typing) accept.current?.focus({ preventScroll: true })
  }, [first, talking])
  return (
    <div
      role="alertdialog"
      aria-label="Incoming call"
      aria-describedby={`offer-${offer.id}`}
      className={classes.card}
    >
      <div className={classes.head}>
        <RingLeft offer={offer} now={now} letters={offer.contact ? initials(who) : ''} />
        <div className={classes.who} id={`offer-${offer.id}`}>
          <bdi className={`${classes.name} cut`}>{who}</bdi>
          {offer.contact && <span className="quiet">{number}</span>}
          <span className={`${classes.place} cut`}>
            to <bdi>{place}</bdi>
          </span>
        </div>
        <div className={classes.waited}>
          <span className="num">{duration(waited)}</span>
          <span className="quiet">waiting</span>
        </div>
      </div>
      <LastContact offer={offer} />
      <div className={classes.buttons}>
        <Button
          ref={accept}
          color="green"
          leftSection={<IconPhone size={18} aria-hidden />}
          loading={offer.busy === 'accepting'}
          disabled={talking || offer.busy === 'declining'}
          title={talking ? 'End your call first' : 'A'}
          onClick={() => void phone.accept(offer.id)}
        >
          Accept
        </Button>
        <Button
          variant="default"
          leftSection={<IconPhoneX size={18} aria-hidden />}
          loading={offer.busy === 'declining'}
          disabled={offer.busy === 'accepting'}
          title="D"
          onClick={() => phone.send({ type: 'decline', offerId: offer.id })}
        >
          Decline
        </Button>
      </div>
      {talking && <p className={classes.why}>End your call to take this one; others are rung as well.</p>}
    </div>
  )
}

/** The line is kept free while it is asked for, so that no button moves under the mouse. */
function LastContact({ offer }: { offer: Ringing }) {
  const last = useQuery(lastContactQuery(offer))
  return (
    <p className={`${classes.last} cut`}>
      {last.data && (
        <>
          {lastContactWords(last.data)} · <When at={last.data.started_at} />
        </>
      )}
      {last.data === null && 'First contact'}
    </p>
  )
}

/** A ring that shows how long the offer still lives. */
function RingLeft({ offer, now, letters }: { offer: Ringing; now: number; letters: string }) {
  const from = new Date(offer.offered_at).getTime()
  const until = new Date(offer.expires_at).getTime()
  const left = Math.max(0, until - now)
  const share = until > from ? Math.min(1, left / (until - from)) : 0
  const seconds = Math.ceil(left / 1000)
  const around = 2 * Math.PI * 22
  return (
    <div className={classes.ring} title={`${plural(seconds, 'second')} left`}>
      <svg viewBox="0 0 48 48" width={48} height={48} aria-hidden>
        <circle cx={24} cy={24} r={22} className={classes.track} />
        <circle
          cx={24}
          cy={24}
          r={22}
          className={classes.left}
          strokeDasharray={around}
          strokeDashoffset={around * (1 - share)}
        />
      </svg>
      <span className={classes.letters}>{letters || <IconPhone size={20} aria-hidden />}</span>
    </div>
  )
}
