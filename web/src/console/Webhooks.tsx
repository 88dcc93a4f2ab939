//! The webhooks as they go by: what was asked, what was answered, how long it took.
import { Badge, NativeSelect, Switch, TextInput } from '@mantine/core'
import { IconSearch, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed, NothingMatches } from '@/ui/states'
import { useAccounts, useWebhooks, type Webhook } from './control'
import { WebhookDetail } from './WebhookDetail'
import classes from './Webhooks.module.css'
import { clock, failed, fits, type Kind, pathOf, says } from './webhookWords'

const KINDS: { value: Kind; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'twiml', label: 'TwiML' },
  { value: 'callbacks', label: 'Callbacks' },
  { value: 'failed', label: 'Failed' },
]

interface WebhooksProps {
  search: string
  onSearch: (search: string) => void
}

export function Webhooks({ search, onSearch }: WebhooksProps) {
  const webhooks = useWebhooks()
  const [kind, setKind] = useState<Kind>('all')
  const [account, setAccount] = useState('')
  const [chosen, setChosen] = useState<number | null>(null)
  // Where the list was stopped; null while it follows.
  const [stopped, setStopped] = useState<number | null>(null)
  const all = webhooks.data ?? []
  const newest = all[0]?.id ?? 0
  const known = stopped === null ? all : all.filter((each) => each.id <= stopped)
  const shown = known.filter((each) => fits(each, { kind, account, search }))
  const waiting = all.length - known.length
  const selected = all.find((each) => each.id === chosen)
  const clear = () => {
    onSearch('')
    setKind('all')
    setAccount('')
  }
  return (
    <section className={classes.webhooks} aria-label="Webhooks">
      <ListDetail
        toolbar={
          <>
            <TextInput
              className={classes.search}
              aria-label="Search webhooks"
              placeholder="Address, SID, parameter, answer"
              leftSection={<IconSearch size={16} />}
              value={search}
              onChange={(event) => onSearch(event.currentTarget.value)}
            />
            <NativeSelect
              aria-label="Kind"
              data={KINDS}
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as Kind)}
            />
            <Accounts account={account} onChange={setAccount} />
            <Switch
              label={waiting > 0 ? `Follow (${waiting} new)` : 'Follow'}
              checked={stopped === null}
              onChange={(event) => setStopped(event.currentTarget.checked ? null : newest)}
            />
          </>
        }
        list={
          webhooks.isError && all.length === 0 ? (
            <Failed error={webhooks.error} onRetry={() => void webhooks.refetch()} />
          ) : all.length === 0 ? (
            <Empty icon={IconWebhook} title="No webhook yet">
              Call the organization’s number with the phone: every request to its webhooks shows up here, with
              what was answered.
            </Empty>
          ) : shown.length === 0 ? (
            <NothingMatches what="webhooks" onClear={clear} />
          ) : (
            <ul className={classes.list}>
              {shown.map((webhook) => (
                <li key={webhook.id}>
                  <Row
                    webhook={webhook}
                    selected={webhook.id === chosen}
                    onChoose={() => setChosen(webhook.id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
        detail={selected ? <WebhookDetail webhook={selected} onSearch={onSearch} /> : null}
        detailLabel="Webhook"
        placeholder={
          <Empty icon={IconWebhook} title="Nothing selected">
            Choose a webhook to see its parameters, its signature and its TwiML.
          </Empty>
        }
        onClose={() => setChosen(null)}
      />
    </section>
  )
}

function Accounts({ account, onChange }: { account: string; onChange: (account: string) => void }) {
  const accounts = useAccounts().data ?? []
  if (accounts.length < 2) return null
  return (
    <NativeSelect
      aria-label="Account"
      data={[
        { value: '', label: 'All accounts' },
        ...accounts.map((each) => ({ value: each.sid, label: each.friendly_name })),
      ]}
      value={account}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface RowProps {
  webhook: Webhook
  selected: boolean
  onChoose: () => void
}

function Row({ webhook, selected, onChoose }: RowProps) {
  return (
    <button type="button" className={classes.row} aria-pressed={selected} onClick={onChoose}>
      <Status webhook={webhook} />
      <span className={`${classes.path} cut`} title={webhook.url}>
        {pathOf(webhook.url)}
      </span>
      <span className={`${classes.says} cut`}>{says(webhook)}</span>
      <span className={`${classes.time} num`}>{clock(webhook.at)}</span>
      <span className={`${classes.millis} num`}>
        {webhook.millis === null ? '…' : `${webhook.millis} ms`}
      </span>
    </button>
  )
}

export function Status({ webhook }: { webhook: Webhook }) {
  const out = webhook.millis === null
  const words = out ? 'out' : (webhook.status ?? 'error')
  const colour = out ? 'yellow' : failed(webhook) ? 'red' : 'green'
  return (
    <Badge className={classes.status} variant="light" color={colour} radius="sm">
      {words}
    </Badge>
  )
}
