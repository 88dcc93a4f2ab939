//! First run: the one-time link makes the organization and its owner.
import { Alert, Button, NativeSelect, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { begin } from '@/api/session'
import type { SetupLink, SignedIn } from '@/api/types'
import { countries } from '@/lib/countries'
import { paths } from '@/paths'
import { EntryFrame } from '@/ui/EntryFrame'

const FIELDS = ['organization', 'country', 'name', 'email', 'password'] as const
type Field = (typeof FIELDS)[number]
type Answers = Record<Field, string>

export default function SetupPage() {
  const { link } = useParams({ from: '/setup/$link' })
  const state = useQuery({
    queryKey: ['setup', link],
    queryFn: () => api.get<SetupLink>(`/setup/${encodeURIComponent(link)}`),
    retry: false,
  })
  if (state.isPending) return <EntryFrame>Checking the link…</EntryFrame>
  if (state.isError) return <EntryFrame>{<DeadLink error={state.error} />}</EntryFrame>
  return (
    <EntryFrame>
      <SetupForm link={link} />
    </EntryFrame>
  )
}

function DeadLink({ error }: { error: unknown }) {
  return (
    <Stack>
      <Title order={1}>This link no longer works</Title>
      <Text c="dimmed">
        {sentence(error)} A set-up link works once. On the server, <code>offhook admin setup-link</code>{' '}
        prints a new one.
      </Text>
    </Stack>
  )
}

function SetupForm({ link }: { link: string }) {
  const navigate = useNavigate()
  const [answers, setAnswers] = useState<Answers>({
    organization: '',
    country: localCountry(),
    name: '',
    email: '',
    password: '',
  })
  const create = useMutation({
    mutationFn: () => api.post<SignedIn>(`/setup/${encodeURIComponent(link)}`, answers),
    onSuccess: async (signedIn) => {
      begin(signedIn, false)
      await navigate({ to: paths.home, replace: true })
    },
  })
  const field = (name: Field) => ({
    name,
    required: true,
    value: answers[name],
    error: fieldError(create.error, name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setAnswers((known) => ({ ...known, [name]: value }))
    },
  })
  function onSubmit(event: FormEvent) {
    event.preventDefault()
    create.mutate()
  }
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="md">
        <Title order={1}>Set up Offhook</Title>
        <Text c="dimmed">Your organization and your own account. You connect Twilio in the next step.</Text>
        {create.isError && !FIELDS.some((name) => fieldError(create.error, name)) && (
          <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
            {sentence(create.error)}
          </Alert>
        )}
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
          description="At least 12 characters."
          autoComplete="new-password"
          minLength={12}
          {...field('password')}
        />
        <Button type="submit" fullWidth loading={create.isPending}>
          Create organization
        </Button>
      </Stack>
    </form>
  )
}

function fieldError(error: unknown, name: string): string | undefined {
  return error instanceof ApiError && error.field === name ? sentence(error) : undefined
}

function localCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region
  return region ?? 'US'
}
