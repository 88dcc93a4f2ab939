//! How one agent calls and is called: number and caller ID, recording, voicemail, forwards, own phone.
import { Alert, Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { useMay, useSession } from '@/api/session'
import { useCallerIds, useNumbers } from '@/features/numbers/queries'
import { recordOf, recordWords } from '@/features/numbers/recording'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import { type Calling, callingKey, useCalling } from './calling'

interface CallingModalProps {
  person: { id: string; name: string }
  onClose: () => void
}

export function CallingModal({ person, onClose }: CallingModalProps) {
  const calling = useCalling(person.id)
  return (
    <Modal opened onClose={onClose} title={`Calling settings of ${person.name}`}>
      {calling.isPending && <LoadingRows rows={4} />}
      {calling.isError && <Failed error={calling.error} onRetry={() => void calling.refetch()} />}
      {calling.data && <CallingForm person={person} stored={calling.data} onClose={onClose} />}
    </Modal>
  )
}

const RECORD = [
  { value: 'organization', label: 'As the number and the organization say' },
  { value: 'always', label: 'Always' },
  { value: 'never', label: 'Never' },
]

const FORWARDS = [
  { name: 'forward_always', label: 'Forward every call to', about: 'It never rings here' },
  {
    name: 'forward_on_busy',
    label: 'Forward when busy to',
    about: 'While talking; calls for this agent alone',
  },
  {
    name: 'forward_on_no_answer',
    label: 'Forward when not answered to',
    about: 'After the ring time; calls for this agent alone',
  },
] as const

function CallingForm({ person, stored, onClose }: CallingModalProps & { stored: Calling }) {
  const cache = useQueryClient()
  const [draft, setDraft] = useState(stored)
  const set = (part: Partial<Calling>) => setDraft((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => api.put<Calling>(`/agents/${person.id}/calling`, draft),
    onSuccess: (saved) => {
      cache.setQueryData(callingKey(person.id), saved)
      void cache.invalidateQueries({ queryKey: ['numbers'] })
      void cache.invalidateQueries({ queryKey: ['agents'] })
      toast('Saved', { tone: 'good' })
      onClose()
    },
  })
  const field = save.error instanceof ApiError ? save.error.field : undefined
  const wrong = (name: string) => (field === name ? sentence(save.error) : undefined)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        <NumberFields draft={draft} set={set} wrong={wrong} />
        <Select
          label="Record this agent’s calls"
          data={RECORD}
          allowDeselect={false}
          value={recordWords(draft.record)}
          error={wrong('record')}
          onChange={(next) => next && set({ record: recordOf(next) })}
        />
        <Switch
          label="Callers may leave a message when this agent does not answer"
          checked={draft.voicemail}
          onChange={(event) => set({ voicemail: event.currentTarget.checked })}
        />
        {FORWARDS.map(({ name, label, about }) => (
          <TextInput
            key={name}
            label={label}
            description={about}
            placeholder="+1 415 555 0123"
            inputMode="tel"
            value={draft[name] ?? ''}
            error={wrong(name)}
            onChange={(event) => set({ [name]: event.currentTarget.value || null })}
          />
        ))}
        <TextInput
          label="Own phone"
          description="Takes calls on this phone instead of the browser"
          placeholder="+1 415 555 0123"
          inputMode="tel"
          value={draft.own_phone ?? ''}
          error={wrong('own_phone')}
          onChange={(event) => set({ own_phone: event.currentTarget.value || null })}
        />
        {save.isError && !field && (
          <Alert color="red" role="alert">
            {sentence(save.error)}
          </Alert>
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
  )
}

interface NumberFieldsProps {
  draft: Calling
  set: (part: Partial<Calling>) => void
  wrong: (name: string) => string | undefined
}

/** Only numbers that are ours, or verified, may be shown to those we call. */
function NumberFields({ draft, set, wrong }: NumberFieldsProps) {
  const { country } = useSession().organization
  const mayList = useMay('manage_numbers')
  const numbers = useNumbers()
  const verified = useCallerIds(false, mayList)
  const ours = numbers.data?.items ?? []
  const words = (number: string, label: string | null | undefined) =>
    label ? `${phoneNumber(number, country)}, ${label}` : phoneNumber(number, country)
  const shown = [
    {
      group: 'Our numbers',
      items: ours.map((each) => ({ value: each.number, label: words(each.number, each.label) })),
    },
    {
      group: 'Verified caller IDs',
      items: (verified.data ?? [])
        .filter((each) => !ours.some((own) => own.number === each.number))
        .map((each) => ({ value: each.number, label: words(each.number, each.label) })),
    },
  ].filter((group) => group.items.length > 0)
  return (
    <>
      <Select
        label="Assigned number"
        description="The number that is this agent’s own"
        placeholder="None"
        clearable
        data={ours.map((each) => ({ value: each.id, label: words(each.number, each.label) }))}
        value={draft.number_id ?? null}
        error={wrong('number_id')}
        onChange={(number_id) => set({ number_id })}
      />
      <Select
        label="Caller ID"
        description="What those see whom this agent calls"
        placeholder="The assigned number, or the organization’s first"
        clearable
        data={shown}
        value={draft.caller_id ?? null}
        error={wrong('caller_id')}
        onChange={(caller_id) => set({ caller_id })}
      />
      {verified.isError && (
        <Text size="xs" c="dimmed">
          Verified caller IDs could not be listed: {sentence(verified.error)}
        </Text>
      )}
    </>
  )
}
