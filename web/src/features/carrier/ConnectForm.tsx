//! Connects an account of the carrier, or changes what is stored of it: verified before anything is saved.
import { Alert, Anchor, Button, Collapse, Group, PasswordInput, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import classes from './carrier.module.css'
import { accountsKey, carrierKey, driftKey } from './queries'
import { regions } from './regions'
import type { Account, SavedCarrier, Verdict } from './shapes'
import { Verdicts } from './Verdicts'

interface ConnectFormProps {
  /** The account that is changed; absent for a new one. */
  account?: Account
  /** The wizard shows only what every account needs. */
  plain?: boolean
  onSaved: (saved: SavedCarrier) => void
  onCancel?: () => void
}

const FIELDS = ['account_sid', 'auth_token', 'api_key_sid', 'api_key_secret', 'twiml_app_sid', 'api_base_url']

export function ConnectForm({ account, plain, onSaved, onCancel }: ConnectFormProps) {
  const cache = useQueryClient()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [more, setMore] = useState(false)
  const [region, setRegion] = useState(account?.region ?? 'us1')
  const save = useMutation({
    mutationFn: (unverified: boolean) => {
      const body = { ...emptied(typed), region }
      if (account) return api.put<SavedCarrier>(`/carrier/accounts/${account.id}`, body)
      return api.put<SavedCarrier>(unverified ? '/carrier?unverified=true' : '/carrier', body)
    },
    onSuccess: async (saved) => {
      setTyped({})
      await cache.invalidateQueries({ queryKey: carrierKey })
      void cache.invalidateQueries({ queryKey: accountsKey })
      void cache.invalidateQueries({ queryKey: driftKey })
      onSaved(saved)
    },
  })
  const wrong = save.error instanceof ApiError ? save.error.field : undefined
  const verdict =
    save.error instanceof ApiError ? (save.error.problem.verdict as Verdict | undefined) : undefined
  const refused = verdict?.checks.find((check) => !check.ok)
  const field = (name: string) => ({
    value: typed[name] ?? storedValue(account, name),
    error: wrong === name ? (refused ? refused.detail : sentence(save.error)) : undefined,
    'aria-invalid': wrong === name || undefined,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const value = event.currentTarget.value.trim()
      setTyped((before) => ({ ...before, [name]: value }))
    },
  })
  const kept = (has: boolean | undefined) => (has ? 'Stored; type to replace it' : undefined)
  const open = more || FIELDS.slice(2).some((name) => name === wrong)
  const changed = Object.values(typed).some((value) => value !== '') || region !== (account?.region ?? 'us1')
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(false)
      }}
    >
      <div className={classes.pair}>
        <TextInput label="Account SID" placeholder="AC…" {...field('account_sid')} />
        <PasswordInput
          label="Auth token"
          placeholder={kept(account?.has_auth_token)}
          {...field('auth_token')}
        />
      </div>
      <Select
        label="Region"
        description="Each region of an account has an auth token of its own"
        className={classes.region}
        data={regions}
        allowDeselect={false}
        value={region}
        error={wrong === 'region' ? sentence(save.error) : undefined}
        onChange={(next) => next && setRegion(next)}
      />
      <Collapse expanded={open}>
        <div className={classes.form}>
          <div className={classes.pair}>
            <TextInput
              label="API key SID"
              description="Made by itself when left empty"
              placeholder="SK…"
              {...field('api_key_sid')}
            />
            <PasswordInput
              label="API key secret"
              description="Belongs to that key"
              placeholder={kept(account?.has_api_key_secret)}
              {...field('api_key_secret')}
            />
            <TextInput
              label="TwiML App SID"
              description="Made by itself when left empty"
              placeholder="AP…"
              {...field('twiml_app_sid')}
            />
            <TextInput
              label="API address"
              description="Empty for Twilio itself; another for a sandbox or a proxy"
              placeholder="https://api.twilio.com"
              {...field('api_base_url')}
            />
          </div>
        </div>
      </Collapse>
      {verdict && <Verdicts verdict={verdict} bad="Nothing was saved" />}
      {save.isError && !verdict && (!wrong || !FIELDS.includes(wrong)) && wrong !== 'region' && (
        <Refused error={save.error} busy={save.isPending} onAnyway={() => save.mutate(true)} />
      )}
      <Group justify="space-between">
        <Anchor component="button" type="button" onClick={() => setMore(!open)} aria-expanded={open}>
          {open ? 'Fewer fields' : 'API key, TwiML App, API address'}
        </Anchor>
        <Group>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" disabled={!changed} loading={save.isPending}>
            {plain || !account ? 'Connect' : 'Verify and save'}
          </Button>
        </Group>
      </Group>
    </form>
  )
}

/** Only what the carrier could not be asked about may be saved unseen. */
function Refused({ error, busy, onAnyway }: { error: unknown; busy: boolean; onAnyway: () => void }) {
  const unreachable = error instanceof ApiError && error.status >= 502
  return (
    <Alert color="red" role="alert" title="Nothing was saved">
      {sentence(error)}
      {unreachable && (
        <Group mt="sm">
          <Button size="compact-sm" variant="default" loading={busy} onClick={onAnyway}>
            Save without verifying
          </Button>
        </Group>
      )}
    </Alert>
  )
}

function storedValue(account: Account | undefined, name: string): string {
  switch (name) {
    case 'account_sid':
      return account?.account_sid ?? ''
    case 'api_key_sid':
      return account?.api_key_sid ?? ''
    case 'twiml_app_sid':
      return account?.twiml_app_sid ?? ''
    case 'api_base_url':
      return account?.api_base_url ?? ''
    default:
      return ''
  }
}

/** A field that was emptied is taken away. */
function emptied(change: Record<string, string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(change).map(([key, value]) => [key, value || null]))
}
