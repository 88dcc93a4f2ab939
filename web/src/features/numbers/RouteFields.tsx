//! Where a call to a number goes: the first stop, what follows when nobody takes it, and the words spoken first.
import {
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
import type { components } from '@/api/generated'
import { byName } from '@/lib/byName'
import { useAgents, useQueues } from './queries'

type Schemas = components['schemas']
export type Route = Schemas['RouteView']
type Overflow = Schemas['OverflowView']
type Destination = Schemas['DestinationView']

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

interface RouteFieldsProps {
  route: Route
  onChange: (route: Route) => void
  error?: string
}

export function RouteFields({ route, onChange, error }: RouteFieldsProps) {
  const queues = useQueues()
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
        <Title order={3} id="route-kind">
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
      <DestinationFields to={to} error={error} onChange={setTo} />
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

interface DestinationFieldsProps {
  to: Destination
  error?: string
  onChange: (to: Destination) => void
}

function DestinationFields({ to, error, onChange }: DestinationFieldsProps) {
  const queues = useQueues()
  const agents = useAgents()
  if (to.kind === 'queue')
    return (
      <Select
        label="Queue"
        data={queues.data?.items.map((queue) => ({ value: queue.id, label: queue.label })) ?? []}
        value={to.queue}
        error={error}
        allowDeselect={false}
        onChange={(queue) => queue && onChange({ kind: 'queue', queue })}
      />
    )
  if (to.kind === 'ring_agents')
    return (
      <>
        <MultiSelect
          label="Agents"
          searchable
          selectFirstOptionOnChange
          data={byName(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name }))}
          value={to.agents}
          error={error}
          onChange={(chosen) => onChange({ ...to, agents: chosen })}
        />
        <NumberInput
          label="Ring for (seconds)"
          min={5}
          max={120}
          value={to.seconds}
          onChange={(seconds) => onChange({ ...to, seconds: Number(seconds) || 30 })}
        />
      </>
    )
  if (to.kind === 'forward')
    return (
      <TextInput
        label="Phone"
        placeholder="+1 415 555 0123"
        value={to.to}
        error={error}
        onChange={(event) => onChange({ kind: 'forward', to: event.currentTarget.value })}
      />
    )
  return null
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
