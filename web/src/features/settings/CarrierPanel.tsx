//! The connection to the carrier: its account, whether it works and why not, and the addresses to paste there.
import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError } from '@/api/errors'
import { CopyLine } from '@/ui/CopyLine'
import { Panel } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import { type Carrier, carrierKey, testCarrier, useCarrier, type WebhookAddresses } from './carrier'
import { changed, isEmpty } from './changed'
import { SaveRow } from './SaveRow'
import classes from './settings.module.css'
import { Verdicts } from './Verdicts'

export function CarrierPanel() {
  const carrier = useCarrier()
  const test = useMutation({ mutationFn: testCarrier })
  if (carrier.isPending) return <LoadingRows rows={4} />
  if (carrier.isError) return <Failed error={carrier.error} onRetry={() => void carrier.refetch()} />
  return (
    <>
      <Panel
        title="Carrier account"
        about={
          carrier.data.connected
            ? 'Secrets are stored sealed and never shown again. Leave them empty to keep them.'
            : 'No account yet: copy these from Twilio’s console, and calls can begin.'
        }
        actions={
          carrier.data.connected && (
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
              Test connection
            </Button>
          )
        }
      >
        <Verdicts verdict={test.data} error={test.error} />
        <AccountForm carrier={carrier.data} onSaved={() => test.mutate()} />
      </Panel>
      <Addresses webhooks={carrier.data.webhooks} />
    </>
  )
}

const REGIONS = [
  { value: 'us1', label: 'United States (us1)' },
  { value: 'ie1', label: 'Ireland (ie1)' },
  { value: 'au1', label: 'Australia (au1)' },
]

function AccountForm({ carrier, onSaved }: { carrier: Carrier; onSaved: () => void }) {
  const cache = useQueryClient()
  const stored = {
    account_sid: carrier.account_sid ?? '',
    auth_token: '',
    api_key_sid: carrier.api_key_sid ?? '',
    api_key_secret: '',
    twiml_app_sid: carrier.twiml_app_sid ?? '',
    region: carrier.region ?? 'us1',
    api_base_url: carrier.api_base_url ?? '',
  }
  const [typed, setTyped] = useState<Partial<typeof stored>>({})
  const draft = { ...stored, ...typed }
  const change = changed(stored, draft)
  const save = useMutation({
    mutationFn: () => api.put<Carrier>('/carrier', emptied(change)),
    onSuccess: (saved) => {
      cache.setQueryData(carrierKey, saved)
      setTyped({})
      toast('Saved', { tone: 'good' })
      onSaved()
    },
  })
  const field = (name: keyof typeof stored) => ({
    value: draft[name],
    error: save.error instanceof ApiError && save.error.field === name ? save.error.message : undefined,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const value = event.currentTarget.value.trim()
      setTyped((before) => ({ ...before, [name]: value }))
    },
  })
  const kept = (has: boolean) => (has ? 'Stored; type to replace it' : undefined)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={classes.pair}>
        <TextInput label="Account SID" placeholder="AC…" {...field('account_sid')} />
        <PasswordInput
          label="Auth token"
          placeholder={kept(carrier.has_auth_token)}
          {...field('auth_token')}
        />
        <TextInput label="API key SID" placeholder="SK…" {...field('api_key_sid')} />
        <PasswordInput
          label="API key secret"
          placeholder={kept(carrier.has_api_key_secret)}
          {...field('api_key_secret')}
        />
        <TextInput label="TwiML App SID" placeholder="AP…" {...field('twiml_app_sid')} />
        <Select
          label="Region"
          data={REGIONS}
          allowDeselect={false}
          value={draft.region}
          onChange={(region) => region && setTyped((before) => ({ ...before, region }))}
        />
      </div>
      <TextInput
        label="API address"
        description="Empty for Twilio itself; another address for a sandbox or a proxy"
        placeholder="https://api.twilio.com"
        {...field('api_base_url')}
      />
      <SaveRow dirty={!isEmpty(change)} busy={save.isPending} error={save.error} />
    </form>
  )
}

/** A field that was emptied is taken away. */
function emptied(change: Record<string, string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(change).map(([key, value]) => [key, value || null]))
}

function Addresses({ webhooks }: { webhooks: WebhookAddresses }) {
  return (
    <Panel
      title="Webhook addresses"
      about="Paste these in Twilio’s console, all as HTTP POST. Without the status callbacks, missed events are found only a minute later."
    >
      <div className={classes.pair}>
        <CopyLine label="Each number: A call comes in" value={webhooks.number_voice} />
        <CopyLine label="Each number: Call status changes" value={webhooks.number_status} />
        <CopyLine label="TwiML App: Request URL" value={webhooks.app_voice} />
        <CopyLine label="TwiML App: Status callback URL" value={webhooks.app_status} />
      </div>
    </Panel>
  )
}
