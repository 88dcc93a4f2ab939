//! All calls of the sandbox with their legs, and what each leg really said, heard and went through.
import { Badge, Button, Title } from '@mantine/core'
import { IconPhoneCall } from '@tabler/icons-react'
import { useState } from 'react'
import { useClock } from '@/lib/clock'
import { duration, plural } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed } from '@/ui/states'
import classes from './Calls.module.css'
import { type Leg, useAccounts, useLegs } from './control'
import { type Conversation, conversations, farWords, isOver, partyWords } from './conversations'
import { clock } from './webhookWords'

export function Calls({ onWebhooks }: { onWebhooks: (sid: string) => void }) {
  const legs = useLegs()
  const [chosen, setChosen] = useState<string | null>(null)
  const all = conversations(legs.data ?? [])
  const selected = all.find((each) => each.id === chosen)
  return (
    <section className={classes.calls} aria-label="Calls">
      <ListDetail
        list={
          legs.isError && all.length === 0 ? (
            <Failed error={legs.error} onRetry={() => void legs.refetch()} />
          ) : all.length === 0 ? (
            <Empty icon={IconPhoneCall} title="No call yet">
              Call the organization’s number with the phone, or call one of the phones from the app.
            </Empty>
          ) : (
            <ul className={classes.list}>
              {all.map((each) => (
                <li key={each.id}>
                  <Row
                    conversation={each}
                    selected={each.id === chosen}
                    onChoose={() => setChosen(each.id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
        detail={selected ? <Legs conversation={selected} onWebhooks={onWebhooks} /> : null}
        detailLabel="Call"
        placeholder={
          <Empty icon={IconPhoneCall} title="Nothing selected">
            Choose a call to see what each of its legs said and heard.
          </Empty>
        }
        onClose={() => setChosen(null)}
      />
    </section>
  )
}

interface RowProps {
  conversation: Conversation
  selected: boolean
  onChoose: () => void
}

function Row({ conversation, selected, onChoose }: RowProps) {
  const [leg] = conversation.legs
  if (!leg) return null
  return (
    <button type="button" className={classes.row} aria-pressed={selected} onClick={onChoose}>
      <span className={`${classes.parties} cut`}>
        {who(leg.from)} → {who(leg.to)}
      </span>
      <StatusBadge status={conversation.live ? leg.status : 'over'} live={conversation.live} />
      <span className={`${classes.facts} num`}>
        {clock(leg.created_at)} · {plural(conversation.legs.length, 'leg')}
      </span>
      <span className={`${classes.facts} ${classes.right} num`}>
        <Lasts leg={leg} live={conversation.live} />
      </span>
    </button>
  )
}

const who = (address: string) => partyWords(address, (number) => phoneNumber(number, 'US'))

function StatusBadge({ status, live }: { status: string; live: boolean }) {
  const colour = !live ? 'gray' : status === 'in-progress' ? 'blue' : 'yellow'
  return (
    <Badge variant="light" color={colour} radius="sm" className={classes.status}>
      {status}
    </Badge>
  )
}

function Lasts({ leg, live }: { leg: Leg; live: boolean }) {
  const now = useClock(1000)
  const end = leg.ended_at ? new Date(leg.ended_at).getTime() : live ? now : null
  if (!leg.answered_at || end === null) return null
  return <>{duration((end - new Date(leg.answered_at).getTime()) / 1000)}</>
}

function Legs({
  conversation,
  onWebhooks,
}: {
  conversation: Conversation
  onWebhooks: (sid: string) => void
}) {
  const accounts = useAccounts().data ?? []
  return (
    <div className={classes.legs}>
      {conversation.legs.map((leg) => (
        <section key={leg.sid} className={classes.leg} aria-label={`Leg ${leg.sid}`}>
          <header className={classes.head}>
            <Title order={2} size="h3">
              {who(leg.from)} → {who(leg.to)}
            </Title>
            <StatusBadge status={leg.status} live={!isOver(leg)} />
          </header>
          <p className={classes.facts}>
            {leg.direction} at{' '}
            {accounts.find((each) => each.sid === leg.account_sid)?.friendly_name ?? 'an account'}, with{' '}
            {farWords(leg)} · {leg.sid}
          </p>
          <Button variant="default" size="compact-sm" onClick={() => onWebhooks(leg.sid)}>
            Its webhooks
          </Button>
          <ol className={classes.events}>
            {leg.events.map((event, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added at the end.
              <li key={at}>
                <time dateTime={event.at}>{clock(event.at)}</time>
                <span className={classes.kind}>{event.kind}</span>
                <span className={classes.what}>{event.what}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
