//! Adds a user by a one-time link, or changes what one may and where they belong.
import { Alert, Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import type { Role } from '@/api/types'
import { useQueues } from '@/features/numbers/queries'
import { type OneTimeLink, ROLES, type UserRow } from './user'

interface UserFormProps {
  user?: UserRow
  onClose: () => void
  onInvited: (link: OneTimeLink, name: string) => void
}

interface Invited {
  link: string
  link_expires_at: string
}

export function UserForm({ user, onClose, onInvited }: UserFormProps) {
  const cache = useQueryClient()
  const me = useSession().user
  const queues = useQueues()
  const [name, setName] = useState(user?.name ?? '')
  const [email, setEmail] = useState(user?.email ?? '')
  const [role, setRole] = useState<Role>(user?.role ?? 'agent')
  const [member, setMember] = useState(user?.queues ?? [])
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), email: email.trim(), role, queues: member }
      if (!user) return api.post<Invited>('/users', body)
      await api.patch(`/users/${user.id}`, body)
      return null
    },
    onSuccess: async (invited) => {
      await cache.invalidateQueries({ queryKey: ['users'] })
      onClose()
      if (invited) onInvited({ link: invited.link, expires_at: invited.link_expires_at }, name.trim())
    },
  })
  const field = save.error instanceof ApiError ? save.error.field : undefined
  const wrong = (wanted: string) => (field === wanted ? sentence(save.error) : undefined)
  return (
    <Modal opened onClose={onClose} title={user ? `Edit ${user.name}` : 'Add a user'}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            value={name}
            error={wrong('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="E-mail"
            type="email"
            required
            value={email}
            error={wrong('email')}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            label="Role"
            data={ROLES.filter((each) => each.value !== 'owner' || me.role === 'owner')}
            allowDeselect={false}
            value={role}
            error={wrong('role')}
            onChange={(next) => next && setRole(next as Role)}
          />
          <MultiSelect
            label="Queues"
            data={queues.data?.items.map((queue) => ({ value: queue.id, label: queue.label })) ?? []}
            value={member}
            error={wrong('queues')}
            onChange={setMember}
          />
          {save.isError && !field && <Alert color="red">{sentence(save.error)}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {user ? 'Save' : 'Make the log-in link'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
