//! Changes a number: its name, where its calls go, what follows when nobody takes them, and whose it is.
import { Alert, Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { byName } from '@/lib/byName'
import { toast } from '@/ui/toast'
import { numbersKey, useAgents } from './queries'
import { type Route, RouteFields } from './RouteFields'
import { recordOf, recordWords } from './recording'
import type { OurNumber } from './shapes'

const RECORD = [
  { value: 'organization', label: 'As the organization does' },
  { value: 'always', label: 'Always' },
  { value: 'never', label: 'Never' },
]

export function NumberForm({ number }: { number: OurNumber }) {
  const cache = useQueryClient()
  const agents = useAgents()
  const [label, setLabel] = useState(number.label ?? '')
  const [route, setRoute] = useState<Route>(number.route)
  const [agent, setAgent] = useState<string | null>(number.agent ?? null)
  const [record, setRecord] = useState<boolean | null>(number.record ?? null)
  const [fallback, setFallback] = useState(number.fallback ?? '')
  const [emergency, setEmergency] = useState(number.emergency_address)
  const save = useMutation({
    mutationFn: () => {
      const body = { label: label.trim() || null, route, agent, record, fallback: fallback.trim() || null }
      // The carrier's own word on it is read there, not set here.
      const said = number.emergency_status ? {} : { emergency_address: emergency }
      return api.patch<OurNumber>(`/numbers/${number.id}`, { ...body, ...said })
    },
    onSuccess: async () => {
      toast('Saved', { tone: 'good' })
      await cache.invalidateQueries({ queryKey: numbersKey })
    },
  })
  const wrong = (field: string) =>
    save.error instanceof ApiError && save.error.field?.startsWith(field) ? save.error.message : undefined
  const known = ['label', 'route', 'agent', 'fallback'].some((field) => wrong(field))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="md" maw={520}>
        <TextInput
          label="Name"
          description="Seen here and at the carrier"
          placeholder="Support line"
          maxLength={60}
          value={label}
          error={wrong('label')}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <RouteFields route={route} onChange={setRoute} error={wrong('route')} />
        <Select
          label="Belongs to"
          description="The agent who shows this number when calling"
          placeholder="Everybody"
          clearable
          searchable
          selectFirstOptionOnChange
          data={byName(agents.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          value={agent}
          error={wrong('agent')}
          onChange={setAgent}
        />
        <Select
          label="Record its calls"
          data={RECORD}
          allowDeselect={false}
          value={recordWords(record)}
          onChange={(next) => next && setRecord(recordOf(next))}
        />
        <TextInput
          label="Fallback"
          description="An https address with TwiML elsewhere, which the carrier asks when this server does not answer"
          placeholder="Empty: an address of this server’s own"
          value={fallback}
          error={wrong('fallback')}
          onChange={(event) => setFallback(event.currentTarget.value)}
        />
        {!number.emergency_status && (
          <Checkbox
            label="An emergency address is registered for it with the carrier"
            description="Without one, emergency calls from the softphone are not placed with this number"
            checked={emergency}
            onChange={(event) => setEmergency(event.currentTarget.checked)}
          />
        )}
        {save.isError && !known && (
          <Alert color="red" role="alert">
            {sentence(save.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
