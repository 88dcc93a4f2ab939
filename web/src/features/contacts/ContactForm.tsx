//! Adds or changes a contact, with as many numbers as they have.
import { ActionIcon, Alert, Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { type FullContact, KINDS, type Kind } from './contact'

interface ContactFormProps {
  contact?: FullContact
  /** A number that a new contact begins with. */
  number?: string
  onClose: () => void
  onSaved: (id: string) => void
}

interface PhoneLine {
  key: number
  number: string
  label: string
}

export function ContactForm({ contact, number, onClose, onSaved }: ContactFormProps) {
  const cache = useQueryClient()
  const [name, setName] = useState(contact?.name ?? '')
  const [company, setCompany] = useState(contact?.company ?? '')
  const [kind, setKind] = useState<Kind>(contact?.kind ?? 'customer')
  const [phones, setPhones] = useState<PhoneLine[]>(() =>
    (contact?.phones ?? [{ number: number ?? '', label: null }]).map((phone, key) => ({
      key,
      number: phone.number,
      label: phone.label ?? '',
    })),
  )
  const [emails, setEmails] = useState(contact?.emails.join(', ') ?? '')
  const [note, setNote] = useState(contact?.note ?? '')
  const filled = phones.filter((phone) => phone.number.trim() !== '')
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        kind,
        company: company.trim() || null,
        note: note.trim() || null,
        phones: filled.map((phone) => ({ number: phone.number, label: phone.label.trim() || null })),
        emails: emails.split(/[\s,;]+/).filter(Boolean),
      }
      return contact
        ? api.patch<FullContact>(`/contacts/${contact.id}`, body)
        : api.post<FullContact>('/contacts', body)
    },
    onSuccess: async (saved) => {
      cache.setQueryData(['contact', saved.id], saved)
      await cache.invalidateQueries({ queryKey: ['contacts'] })
      onSaved(saved.id)
    },
  })
  const field = save.error instanceof ApiError ? save.error.field : undefined
  const wrong = (prefix: string) => (field?.startsWith(prefix) ? sentence(save.error) : undefined)
  const change = (key: number, next: Partial<PhoneLine>) =>
    setPhones(phones.map((phone) => (phone.key === key ? { ...phone, ...next } : phone)))
  return (
    <Modal opened onClose={onClose} title={contact ? `Edit ${contact.name}` : 'Add a contact'}>
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
            maxLength={200}
            value={name}
            error={wrong('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group grow align="flex-start">
            <TextInput
              label="Company"
              maxLength={200}
              value={company}
              error={wrong('company')}
              onChange={(event) => setCompany(event.currentTarget.value)}
            />
            <Select
              label="Kind"
              data={KINDS}
              allowDeselect={false}
              value={kind}
              onChange={(next) => next && setKind(next as Kind)}
            />
          </Group>
          {phones.map((phone) => (
            <Group key={phone.key} gap="xs" align="flex-start" wrap="nowrap">
              <TextInput
                style={{ flex: 2 }}
                aria-label="Number"
                placeholder="Number, in any format"
                inputMode="tel"
                value={phone.number}
                error={wrong(`phones[${filled.indexOf(phone)}]`)}
                onChange={(event) => change(phone.key, { number: event.currentTarget.value })}
              />
              <TextInput
                style={{ flex: 1 }}
                aria-label="What kind of number"
                placeholder="Mobile"
                maxLength={40}
                value={phone.label}
                onChange={(event) => change(phone.key, { label: event.currentTarget.value })}
              />
              <ActionIcon
                aria-label="Remove this number"
                onClick={() => setPhones(phones.filter((other) => other.key !== phone.key))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={() =>
                setPhones([
                  ...phones,
                  { key: Math.max(-1, ...phones.map((p) => p.key)) + 1, number: '', label: '' },
                ])
              }
            >
              Add a number
            </Button>
          </Group>
          <TextInput
            label="E-mail"
            placeholder="ana@example.com"
            value={emails}
            error={wrong('emails')}
            onChange={(event) => setEmails(event.currentTarget.value)}
          />
          <Textarea
            label="Note"
            autosize
            minRows={2}
            maxRows={8}
            value={note}
            error={wrong('note')}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {save.isError && !field && <Alert color="red">{sentence(save.error)}</Alert>}
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
