//! Adds or changes a queue: how it rings, how long callers wait, who belongs to it.
import {
  Alert,
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { useAgents } from '@/features/numbers/queries'
import { byName } from '@/lib/byName'
import type { Queue } from './queue'

const RINGS = [
  { value: 'all', label: 'Everybody at once' },
  { value: 'longest_idle', label: 'The longest idle first' },
]

export function QueueForm({ queue, onClose }: { queue?: Queue; onClose: () => void }) {
  const cache = useQueryClient()
  const agents = useAgents()
  const [label, setLabel] = useState(queue?.label ?? '')
  const [ring, setRing] = useState<Queue['ring']>(queue?.ring ?? 'all')
  const [offer, setOffer] = useState(queue?.offer_seconds ?? 30)
  const [wait, setWait] = useState(queue?.max_wait_seconds ?? 300)
  const [members, setMembers] = useState(queue?.members.map((member) => member.id) ?? [])
  const save = useMutation({
    mutationFn: async () => {
      const body = { label: label.trim(), ring, offer_seconds: offer, max_wait_seconds: wait }
      const saved = queue
        ? await api.patch<Queue>(`/queues/${queue.id}`, body)
        : await api.post<Queue>('/queues', { ...body, name: slug(label) })
      await api.put(`/queues/${saved.id}/members`, { agents: members })
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['queues'] })
      onClose()
    },
  })
  const wrong = (field: string) =>
    save.error instanceof ApiError && save.error.field === field ? save.error.message : undefined
  return (
    <Modal opened onClose={onClose} title={queue ? `Edit ${queue.label}` : 'Add a queue'}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            placeholder="Support"
            required
            maxLength={60}
            value={label}
            error={wrong('label') ?? wrong('name')}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Select
            label="Rings"
            data={RINGS}
            allowDeselect={false}
            value={ring}
            onChange={(next) => next && setRing(next as Queue['ring'])}
          />
          <Group grow align="flex-start">
            <NumberInput
              label="One ring lasts (seconds)"
              min={5}
              max={120}
              value={offer}
              error={wrong('offer_seconds')}
              onChange={(next) => setOffer(Number(next))}
            />
            <NumberInput
              label="Longest wait (seconds)"
              min={10}
              max={3600}
              value={wait}
              error={wrong('max_wait_seconds')}
              onChange={(next) => setWait(Number(next))}
            />
          </Group>
          <MultiSelect
            label="Agents"
            searchable
            selectFirstOptionOnChange
            data={byName(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name }))}
            value={members}
            onChange={setMembers}
          />
          {save.isError && !(save.error instanceof ApiError && save.error.field) && (
            <Alert color="red">{sentence(save.error)}</Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The name at the carrier: letters, digits and underscores, no personal data. */
function slug(label: string): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return plain || 'queue'
}
