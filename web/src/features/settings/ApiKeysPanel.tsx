//! API keys: programs that act as the person who made them.
import { Button, Group, Modal, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import type { components } from '@/api/generated'
import type { Page } from '@/api/types'
import { Confirm } from '@/ui/Confirm'
import { CopyLine } from '@/ui/CopyLine'
import { Panel } from '@/ui/Panel'
import { Failed } from '@/ui/states'
import { toast } from '@/ui/toast'
import { When } from '@/ui/When'
import { WideTable } from '@/ui/WideTable'
import { SaveRow } from './SaveRow'

type ApiKey = components['schemas']['ApiKeyView']

const key = ['api-keys'] as const

export function ApiKeysPanel() {
  const [adding, setAdding] = useState(false)
  const keys = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api-keys', { limit: 200 }, signal),
  })
  const live = keys.data?.items.filter((each) => !each.revoked_at) ?? []
  return (
    <Panel
      title="API keys"
      about="A program with a key acts as the person who made it."
      actions={
        <Button variant="default" onClick={() => setAdding(true)}>
          Add key
        </Button>
      }
    >
      {keys.isError && <Failed error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data && live.length === 0 && (
        <Text c="dimmed">No key yet. Add one for each program, so that each can be revoked alone.</Text>
      )}
      {live.length > 0 && <Keys keys={live} />}
      {adding && <NewKey onClose={() => setAdding(false)} />}
    </Panel>
  )
}

function Keys({ keys }: { keys: ApiKey[] }) {
  const cache = useQueryClient()
  const [asking, setAsking] = useState<ApiKey | null>(null)
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/api-keys/${id}`),
    onSuccess: async () => {
      setAsking(null)
      await cache.invalidateQueries({ queryKey: key })
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  return (
    <>
      <WideTable label="API keys" minWidth={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Begins with</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>{each.name}</Table.Td>
              <Table.Td className="num">{each.hint}</Table.Td>
              <Table.Td>
                <When at={each.created_at} />
              </Table.Td>
              <Table.Td>{each.last_used_at ? <When at={each.last_used_at} /> : 'Never'}</Table.Td>
              <Table.Td ta="right">
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => setAsking(each)}>
                  Revoke <VisuallyHidden>{each.name}</VisuallyHidden>
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Confirm
        opened={asking !== null}
        title={`Revoke ${asking?.name}?`}
        verb="Revoke"
        busy={revoke.isPending}
        onConfirm={() => asking && revoke.mutate(asking.id)}
        onClose={() => setAsking(null)}
      >
        The program that uses it is refused from its next request on. This cannot be undone.
      </Confirm>
    </>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => api.post<ApiKey & { key: string }>('/api-keys', { name: name.trim() }),
    onSuccess: () => cache.invalidateQueries({ queryKey: key }),
  })
  const wrong = make.error instanceof ApiError && make.error.field === 'name' ? make.error.message : undefined
  return (
    <Modal opened onClose={onClose} title={make.data ? `Key for ${make.data.name}` : 'Add an API key'}>
      {make.data ? (
        <Stack>
          <Text>Copy the key now: it is shown only this once.</Text>
          <CopyLine label="API key" value={make.data.key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            make.mutate()
          }}
        >
          <Stack>
            <TextInput
              label="What it is for"
              placeholder="CRM sync"
              data-autofocus
              required
              maxLength={100}
              value={name}
              error={wrong}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <SaveRow dirty={name.trim() !== ''} busy={make.isPending} error={make.error} label="Add key" />
          </Stack>
        </form>
      )}
    </Modal>
  )
}
