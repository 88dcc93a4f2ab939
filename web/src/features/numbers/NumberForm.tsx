//! Adds or changes a number: its label, its route, and what follows when nobody takes the call.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import { byName } from '@/lib/byName'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Confirm } from '@/ui/Confirm'
import { toast } from '@/ui/toast'
import type { Destination, OurNumber, Overflow, Route } from './routes'
import { useAgents, useQueues } from './useNames'

const KINDS = [
  { value: 'queue', label: 'Queue' },
  { value: 'ring_agents', label: 'Agents' },
  { value: 'forward', label: 'Phone' },
  { value: 'voicemail', label: 'Voicemail' },
]
const OVERFLOWS = [
  { value: 'voicemail', label: 'Voicemail' },
  { value: 'forward', label: 'Another phone' },
  { value: 'hang_up', label: 'Say goodbye' },
]

interface NumberFormProps {
  number?: OurNumber
  onDone: (id: string | null) => void
}

export function NumberForm({ number, onDone }: NumberFormProps) {
  const cache = useQueryClient()
  const { organization } = useSession()
  const [text, setText] = useState(number?.number ?? '')
  const [label, setLabel] = useState(number?.label ?? '')
  const [route, setRoute] = useState<Route>(number?.route ?? { to: { kind: 'voicemail' } })
  const [emergency, setEmergency] = useState(number?.emergency_address ?? false)
  const [removing, setRemoving] = useState(false)
  const done = async (id: string | null) => {
    await cache.invalidateQueries({ queryKey: ['numbers'] })
    onDone(id)
  }
  const save = useMutation({
    mutationFn: () => {
      const body = { label: label.trim() || null, route, emergency_address: emergency }
      return number
        ? api.patch<OurNumber>(`/numbers/${number.id}`, body)
        : api.post<OurNumber>('/numbers', { ...body, number: text })
    },
    onSuccess: (saved) => {
      toast('Saved', { tone: 'good' })
      return done(saved.id)
    },
  })
  const remove = useMutation({
    mutationFn: () => api.delete(`/numbers/${number?.id}`),
    onSuccess: () => done(null),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  const wrong = (field: string) =>
    save.error instanceof ApiError && save.error.field?.startsWith(field) ? save.error.message : undefined
  const known = ['number', 'label', 'route'].some((field) => wrong(field))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack p="md" gap="md" maw={520}>
        {!number && (
          <>
            <Title order={2}>Add a number</Title>
            <TextInput
              label="Phone number"
              description="One that your Twilio account owns, in any format"
              required
              value={text}
              error={wrong('number')}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </>
        )}
        <TextInput
          label="Label"
          placeholder="Support line"
          maxLength={60}
          value={label}
          error={wrong('label')}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <RouteFields route={route} onChange={setRoute} error={wrong('route')} />
        <Checkbox
          label="An emergency address is registered for it with the carrier"
          description="Without one, emergency calls from the softphone are not placed with this number"
          checked={emergency}
          onChange={(event) => setEmergency(event.currentTarget.checked)}
        />
        {save.isError && !known && <Alert color="red">{sentence(save.error)}</Alert>}
        <Group justify="space-between">
          {number ? (
            <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
              Remove number
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
      {number && (
        <Confirm
          opened={removing}
          title={`Remove ${phoneNumber(number.number, organization.country)}?`}
          verb="Remove"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          Calls to it are no longer answered here. Its past calls stay, and you keep it at the carrier.
        </Confirm>
      )}
    </form>
  )
}

interface RouteFieldsProps {
  route: Route
  onChange: (route: Route) => void
  error?: string
}

function RouteFields({ route, onChange, error }: RouteFieldsProps) {
  const queues = useQueues()
  const agents = useAgents()
  const { to } = route
  const setTo = (next: Destination) => onChange({ ...route, to: next })
  const choose = (kind: string) => {
    if (kind === 'queue') setTo({ kind, queue: queues.data?.items[0]?.id ?? '' })
    else if (kind === 'ring_agents') setTo({ kind, agents: [], seconds: 30 })
    else if (kind === 'forward') setTo({ kind, to: '' })
    else setTo({ kind: 'voicemail' })
  }
  return (
    <Stack gap="sm">
      <div>
        <Title order={2} size="h3" id="route-kind">
          A call goes to
        </Title>
        <SegmentedControl
          aria-labelledby="route-kind"
          data={KINDS}
          value={to.kind}
          onChange={choose}
          mt={4}
        />
      </div>
      {to.kind === 'queue' && (
        <Select
          label="Queue"
          data={queues.data?.items.map((queue) => ({ value: queue.id, label: queue.label })) ?? []}
          value={to.queue}
          error={error}
          allowDeselect={false}
          onChange={(queue) => queue && setTo({ kind: 'queue', queue })}
        />
      )}
      {to.kind === 'ring_agents' && (
        <>
          <MultiSelect
            label="Agents"
            searchable
            selectFirstOptionOnChange
            data={byName(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name }))}
            value={to.agents}
            error={error}
            onChange={(chosen) => setTo({ ...to, agents: chosen })}
          />
          <NumberInput
            label="Ring for (seconds)"
            min={5}
            max={120}
            value={to.seconds}
            onChange={(seconds) => setTo({ ...to, seconds: Number(seconds) || 30 })}
          />
        </>
      )}
      {to.kind === 'forward' && (
        <TextInput
          label="Phone"
          placeholder="+1 415 555 0123"
          value={to.to}
          error={error}
          onChange={(event) => setTo({ kind: 'forward', to: event.currentTarget.value })}
        />
      )}
      {to.kind !== 'voicemail' && (
        <OverflowFields
          overflow={route.overflow ?? null}
          onChange={(overflow) => onChange({ ...route, overflow })}
        />
      )}
      <Textarea
        label="Greeting"
        description="Spoken first; empty for the standard words"
        autosize
        minRows={1}
        maxLength={500}
        value={route.greeting ?? ''}
        onChange={(event) => onChange({ ...route, greeting: event.currentTarget.value || null })}
      />
    </Stack>
  )
}

function OverflowFields(props: { overflow: Overflow | null; onChange: (overflow: Overflow) => void }) {
  const kind = props.overflow?.kind ?? 'voicemail'
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="When nobody takes it"
        data={OVERFLOWS}
        allowDeselect={false}
        value={kind}
        onChange={(next) =>
          next && props.onChange(next === 'forward' ? { kind: next, to: '' } : { kind: next as 'voicemail' })
        }
      />
      {props.overflow?.kind === 'forward' && (
        <TextInput
          label="Other phone"
          placeholder="+1 415 555 0123"
          value={props.overflow.to}
          onChange={(event) => props.onChange({ kind: 'forward', to: event.currentTarget.value })}
        />
      )}
    </Group>
  )
}
