//! Users: who may log in, as what, and in which queues.
import { Badge, Button, Menu, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import type { Page } from '@/api/types'
import { useQueues } from '@/features/numbers/queries'
import { byName } from '@/lib/byName'
import { roleWords } from '@/lib/format'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { Confirm } from '@/ui/Confirm'
import { PersonCircle, PersonName } from '@/ui/Person'
import { Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import { useSmall } from '@/ui/useSmall'
import { WideTable } from '@/ui/WideTable'
import { CallingModal } from './CallingForm'
import { LinkShown } from './LinkShown'
import { UserForm } from './UserForm'
import classes from './UsersPage.module.css'
import type { OneTimeLink, UserRow } from './user'

export default function UsersPage() {
  const [form, setForm] = useState<UserRow | 'new' | null>(null)
  const [link, setLink] = useState<{ link: OneTimeLink; name: string } | null>(null)
  const users = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => api.get<Page<UserRow>>('/users', { limit: 200 }, signal),
  })
  return (
    <>
      <PageHeader
        title="Users"
        actions={<HeadButton label="Add user" icon={IconUserPlus} onClick={() => setForm('new')} />}
      />
      <div className={classes.page}>
        {users.isPending && <LoadingRows />}
        {users.isError && <Failed error={users.error} onRetry={() => void users.refetch()} />}
        {users.data && (
          <Users
            users={byName(users.data.items)}
            onEdit={setForm}
            onLink={(made, name) => setLink({ link: made, name })}
          />
        )}
      </div>
      {form && (
        <UserForm
          user={form === 'new' ? undefined : form}
          onClose={() => setForm(null)}
          onInvited={(made, name) => setLink({ link: made, name })}
        />
      )}
      {link && <LinkShown link={link.link} name={link.name} onClose={() => setLink(null)} />}
    </>
  )
}

interface UserTableProps {
  users: UserRow[]
  onEdit: (user: UserRow) => void
  onLink: (link: OneTimeLink, name: string) => void
}

function Users(props: UserTableProps) {
  const small = useSmall()
  return small ? <UserList {...props} /> : <UserTable {...props} />
}

function useQueueWords(): (user: UserRow) => string {
  const queues = useQueues()
  const label = (id: string) => queues.data?.items.find((queue) => queue.id === id)?.label
  return (user) => user.queues.map(label).filter(Boolean).join(', ')
}

/** The same on a phone. */
function UserList({ users, onEdit, onLink }: UserTableProps) {
  const queues = useQueueWords()
  return (
    <ul className={classes.list}>
      {users.map((user) => (
        <li key={user.id} className={classes.item} data-off={!user.active || undefined}>
          <PersonCircle name={user.name} />
          <span className={classes.name}>
            <PersonName name={user.name} />
            <Text span size="xs" c="dimmed" truncate>
              {[roleWords(user.role), queues(user)].filter(Boolean).join(' · ')}
            </Text>
            <Text span size="xs" c="dimmed" truncate>
              {user.email}
            </Text>
          </span>
          <State user={user} />
          <Actions user={user} onEdit={onEdit} onLink={onLink} />
        </li>
      ))}
    </ul>
  )
}

function UserTable({ users, onEdit, onLink }: UserTableProps) {
  const queues = useQueueWords()
  return (
    <WideTable label="Users" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Person</Table.Th>
          <Table.Th>Role</Table.Th>
          <Table.Th>Queues</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <Table.Tr key={user.id} data-off={!user.active || undefined} className={classes.row}>
            <Table.Td>
              <span className={classes.person}>
                <PersonCircle name={user.name} />
                <span className={classes.name}>
                  <PersonName name={user.name} />
                  <Text span size="xs" c="dimmed" truncate>
                    {user.email}
                  </Text>
                </span>
              </span>
            </Table.Td>
            <Table.Td>{roleWords(user.role)}</Table.Td>
            <Table.Td className="quiet">{queues(user) || '–'}</Table.Td>
            <Table.Td>
              <State user={user} />
            </Table.Td>
            <Table.Td className={classes.actions}>
              <Actions user={user} onEdit={onEdit} onLink={onLink} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function State({ user }: { user: UserRow }) {
  if (!user.active) return <Badge variant="default">Deactivated</Badge>
  if (user.invited)
    return (
      <Badge variant="light" color="yellow">
        Invited
      </Badge>
    )
  return (
    <Badge variant="light" color="green">
      Active
    </Badge>
  )
}

function Actions({ user, onEdit, onLink }: { user: UserRow } & Omit<UserTableProps, 'users'>) {
  const cache = useQueryClient()
  const me = useSession().user
  const [asking, setAsking] = useState(false)
  const [calling, setCalling] = useState(false)
  const failed = (error: unknown) => toast(sentence(error), { tone: 'bad' })
  const reset = useMutation({
    mutationFn: () => api.post<OneTimeLink>(`/users/${user.id}/reset`),
    onSuccess: (made) => onLink(made, user.name),
    onError: failed,
  })
  const activate = useMutation({
    mutationFn: (active: boolean) => api.patch(`/users/${user.id}`, { active }),
    onSuccess: async () => {
      setAsking(false)
      await cache.invalidateQueries({ queryKey: ['users'] })
    },
    onError: failed,
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-md" aria-label={`Actions for ${user.name}`}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onEdit(user)}>Edit</Menu.Item>
          {user.active && <Menu.Item onClick={() => setCalling(true)}>Calling settings</Menu.Item>}
          {user.active && <Menu.Item onClick={() => reset.mutate()}>New log-in link</Menu.Item>}
          {user.active && user.id !== me.id && (
            <Menu.Item color="red" onClick={() => setAsking(true)}>
              Deactivate
            </Menu.Item>
          )}
          {!user.active && <Menu.Item onClick={() => activate.mutate(true)}>Activate again</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {calling && <CallingModal person={user} onClose={() => setCalling(false)} />}
      <Confirm
        opened={asking}
        title={`Deactivate ${user.name}?`}
        verb="Deactivate"
        busy={activate.isPending}
        onConfirm={() => activate.mutate(false)}
        onClose={() => setAsking(false)}
      >
        They are logged out everywhere and get no more calls. Their past calls stay.
      </Confirm>
    </>
  )
}
