//! One contact: their numbers to click, and the calls with them.
import { Badge, Button, Group, Stack, Title } from '@mantine/core'
import { IconMail, IconPencil } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { useMay, useSession } from '@/api/session'
import type { Call, Page } from '@/api/types'
import { CallRow } from '@/features/calls/CallRow'
import { phoneNumber } from '@/lib/phoneNumbers'
import { CallButton } from '@/phone/CallButton'
import { Confirm } from '@/ui/Confirm'
import { PersonCircle, WholeName } from '@/ui/Person'
import { Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import classes from './ContactDetail.module.css'
import { ContactForm } from './ContactForm'
import { type FullContact, KINDS } from './contact'

export function ContactDetail({ id, onGone }: { id: string; onGone: () => void }) {
  const contact = useQuery({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => api.get<FullContact>(`/contacts/${id}`, undefined, signal),
  })
  if (contact.isPending) return <LoadingRows rows={4} />
  if (contact.isError) return <Failed error={contact.error} onRetry={() => void contact.refetch()} />
  return <Loaded contact={contact.data} onGone={onGone} />
}

function Loaded({ contact, onGone }: { contact: FullContact; onGone: () => void }) {
  const { organization } = useSession()
  const mayDelete = useMay('delete_contacts')
  const [editing, setEditing] = useState(false)
  return (
    <Stack p="md" gap="lg">
      <header className={classes.head}>
        <PersonCircle name={contact.name} size={56} />
        <div className={classes.title}>
          <Title order={2}>
            <WholeName name={contact.name} />
          </Title>
          <Group gap={8}>
            {contact.company && <bdi className="whole quiet">{contact.company}</bdi>}
            <Badge variant="default">{KINDS.find((kind) => kind.value === contact.kind)?.label}</Badge>
          </Group>
        </div>
        <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
          Edit
        </Button>
      </header>
      <ul className={classes.ways}>
        {contact.phones.map((phone) => (
          <li key={phone.number}>
            <span className="num">{phoneNumber(phone.number, organization.country)}</span>
            <span className="quiet">{phone.label}</span>
            <CallButton compact number={phone.number} name={contact.name} contactId={contact.id} />
          </li>
        ))}
        {contact.emails.map((email) => (
          <li key={email}>
            <a href={`mailto:${email}`}>{email}</a>
            <span />
            <IconMail size={16} className="quiet" aria-hidden />
          </li>
        ))}
      </ul>
      {contact.note && (
        <p className={classes.note} dir="auto">
          {contact.note}
        </p>
      )}
      <CallsWith contact={contact} />
      {mayDelete && <Remove contact={contact} onGone={onGone} />}
      {editing && (
        <ContactForm contact={contact} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />
      )}
    </Stack>
  )
}

function CallsWith({ contact }: { contact: FullContact }) {
  const { organization } = useSession()
  const calls = useQuery({
    queryKey: ['calls', { contact: contact.id }],
    queryFn: ({ signal }) => api.get<Page<Call>>('/calls', { contact: contact.id, limit: 20 }, signal),
  })
  return (
    <section aria-label="Calls with this contact">
      <Title order={3}>Calls</Title>
      {calls.isPending && <LoadingRows rows={3} />}
      {calls.isError && <Failed error={calls.error} onRetry={() => void calls.refetch()} />}
      {calls.data?.items.length === 0 && <p className="quiet">No call with them yet.</p>}
      <ul className={classes.calls}>
        {calls.data?.items.map((call) => (
          <li key={call.id}>
            <CallRow call={call} country={organization.country} selected={false} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Remove({ contact, onGone }: { contact: FullContact; onGone: () => void }) {
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => api.delete(`/contacts/${contact.id}`),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['contacts'] })
      onGone()
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  return (
    <div>
      <Button variant="subtle" color="red" size="compact-sm" onClick={() => setAsking(true)}>
        Delete contact
      </Button>
      <Confirm
        opened={asking}
        title={`Delete ${contact.name}?`}
        verb="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        Their name and numbers go. The calls with them stay, without the name.
      </Confirm>
    </div>
  )
}
