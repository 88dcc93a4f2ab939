//! The accounts at the carrier, one for each region: which one carries the calls, whether each works, and their changes.
import { Alert, Badge, Button, Group, Modal, Text } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { Confirm } from '@/ui/Confirm'
import { Panel } from '@/ui/Panel'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import { When } from '@/ui/When'
import { ConnectForm } from './ConnectForm'
import classes from './carrier.module.css'
import { accountsKey, carrierKey, testCarrier, useAccounts } from './queries'
import { regionWords } from './regions'
import type { Account, SavedCarrier, Verdict } from './shapes'
import { Verdicts } from './Verdicts'

export function Accounts() {
  const accounts = useAccounts()
  const [form, setForm] = useState<Account | 'new' | null>(null)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const test = useMutation({ mutationFn: testCarrier, onSuccess: setVerdict })
  const saved = (answer: SavedCarrier) => {
    setForm(null)
    setVerdict(answer.verdict ?? null)
    toast('Saved', { tone: 'good' })
  }
  const connect = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setForm('new')}>
      Connect Twilio
    </Button>
  )
  return (
    <Panel
      title="Carrier accounts"
      about="One for each region. Secrets are stored sealed and never shown again."
      actions={
        accounts.data?.length ? (
          <Group gap="sm">
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
              Test connection
            </Button>
            <Button variant="default" onClick={() => setForm('new')}>
              Add a region
            </Button>
          </Group>
        ) : undefined
      }
    >
      <Verdicts verdict={verdict} error={test.error} />
      {accounts.isPending && <LoadingRows rows={2} />}
      {accounts.isError && <Failed error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.data?.length === 0 && (
        <Empty icon={IconPlugConnected} title="No account yet" action={connect}>
          Copy two lines from Twilio’s console, and calls can begin. The rest sets itself up.
        </Empty>
      )}
      <ul className={classes.accounts}>
        {accounts.data?.map((account) => (
          <li key={account.id} className={classes.account}>
            <OneAccount account={account} onEdit={() => setForm(account)} />
          </li>
        ))}
      </ul>
      {form && (
        <Modal
          opened
          size="lg"
          onClose={() => setForm(null)}
          title={form === 'new' ? 'Connect a Twilio account' : `Account in ${regionWords(form.region)}`}
        >
          <ConnectForm
            account={form === 'new' ? undefined : form}
            onSaved={saved}
            onCancel={() => setForm(null)}
          />
        </Modal>
      )}
    </Panel>
  )
}

function OneAccount({ account, onEdit }: { account: Account; onEdit: () => void }) {
  const cache = useQueryClient()
  const [removing, setRemoving] = useState(false)
  const again = () => cache.invalidateQueries({ queryKey: carrierKey })
  const failed = (error: unknown) => toast(sentence(error), { tone: 'bad' })
  const use = useMutation({
    mutationFn: () => api.post(`/carrier/accounts/${account.id}/use`),
    onSuccess: again,
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => api.delete(`/carrier/accounts/${account.id}`),
    onSuccess: () => cache.invalidateQueries({ queryKey: accountsKey }),
    onError: failed,
    onSettled: () => setRemoving(false),
  })
  const region = regionWords(account.region)
  return (
    <>
      <span className={classes.words}>
        <span className={classes.head}>
          <strong>{region}</strong>
          {account.in_use && (
            <Badge variant="light" color="green">
              In use
            </Badge>
          )}
        </span>
        <Text span size="xs" c="dimmed">
          {account.account_sid}
          {account.api_base_url ? ` at ${account.api_base_url}` : ''}
        </Text>
        <Text span size="xs" c="dimmed">
          {account.api_key_sid ? 'API key stored' : 'No API key yet'} ·{' '}
          {account.twiml_app_sid ? 'TwiML App stored' : 'No TwiML App yet'}
        </Text>
        {account.asked_region && account.asked_region !== (account.region ?? 'us1') && (
          <Text span size="xs">
            {regionWords(account.asked_region)} was asked for; the credentials are those of {region}, which is
            used.
          </Text>
        )}
        {account.token_refused_since && (
          <Alert color="red" mt="xs" title="The auth token was changed at Twilio">
            Since <When at={account.token_refused_since} /> Twilio refuses the one stored here, and calls
            cannot be verified. Press Edit and enter the new one.
          </Alert>
        )}
      </span>
      <Group gap="xs">
        {!account.in_use && (
          <Button variant="default" size="compact-md" loading={use.isPending} onClick={() => use.mutate()}>
            Use this one
          </Button>
        )}
        <Button variant="default" size="compact-md" onClick={onEdit} aria-label={`Edit ${region}`}>
          Edit
        </Button>
        {!account.in_use && (
          <Button
            variant="subtle"
            color="red"
            size="compact-md"
            onClick={() => setRemoving(true)}
            aria-label={`Remove ${region}`}
          >
            Remove
          </Button>
        )}
      </Group>
      <Confirm
        opened={removing}
        title={`Remove the account in ${region}?`}
        verb="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setRemoving(false)}
      >
        Its credentials are forgotten here. Nothing changes at Twilio.
      </Confirm>
    </>
  )
}
