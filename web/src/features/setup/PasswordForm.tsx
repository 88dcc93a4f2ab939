//! An invitation, or a forgotten password: the person is known, only the password is new.
import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { SetupLink } from '@/api/types'
import { EntryError, fieldError } from './EntryError'
import type { EntryFormProps } from './FirstRunForm'

const FIELDS = ['password'] as const

export function PasswordForm({ link, busy, error, onSubmit }: EntryFormProps & { link: SetupLink }) {
  const [password, setPassword] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    onSubmit({ password })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Title order={1}>
          {link.purpose === 'invite' ? `Welcome, ${link.name}` : 'Choose a new password'}
        </Title>
        <Text c="dimmed">
          {link.purpose === 'invite' ? `${link.organization} is waiting for you. ` : ''}You log in as{' '}
          {link.email}.
        </Text>
        <EntryError error={error} fields={FIELDS} />
        <input type="hidden" name="username" autoComplete="username" value={link.email ?? ''} readOnly />
        <PasswordInput
          label="Password"
          description="At least 10 characters."
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
          value={password}
          error={fieldError(error, 'password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={busy} disabled={!password}>
          Log in
        </Button>
      </Stack>
    </form>
  )
}
