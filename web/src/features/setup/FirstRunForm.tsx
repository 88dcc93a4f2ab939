//! The first run: an organization and its owner.
import { Button, NativeSelect, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { countries } from '@/lib/countries'
import { EntryError, fieldError } from './EntryError'

const FIELDS = ['organization', 'country', 'name', 'email', 'password'] as const
type Field = (typeof FIELDS)[number]

export interface EntryFormProps {
  busy: boolean
  error: unknown
  onSubmit: (answers: Record<string, string>) => void
}

export function FirstRunForm({ busy, error, onSubmit }: EntryFormProps) {
  const [answers, setAnswers] = useState<Record<Field, string>>({
    organization: '',
    country: localCountry(),
    name: '',
    email: '',
    password: '',
  })
  const field = (name: Field) => ({
    name,
    required: true,
    withAsterisk: false,
    value: answers[name],
    error: fieldError(error, name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setAnswers((known) => ({ ...known, [name]: value }))
    },
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    onSubmit(answers)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Title order={1}>Set up Offhook</Title>
        <Text c="dimmed">Your organization and your own account. Connecting Twilio comes next.</Text>
        <EntryError error={error} fields={FIELDS} />
        <TextInput label="Organization" autoComplete="organization" autoFocus {...field('organization')} />
        <NativeSelect
          label="Country"
          description="Numbers typed without a country code belong to it."
          data={countries()}
          {...field('country')}
        />
        <TextInput label="Your name" autoComplete="name" {...field('name')} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...field('email')} />
        <PasswordInput
          label="Password"
          description="At least 10 characters."
          autoComplete="new-password"
          {...field('password')}
        />
        <Button type="submit" fullWidth loading={busy}>
          Create organization
        </Button>
      </Stack>
    </form>
  )
}

function localCountry(): string {
  return new Intl.Locale(navigator.language).maximize().region ?? 'US'
}
