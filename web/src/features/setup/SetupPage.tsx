//! One-time links: the first run makes the organization and its owner; an invitation or a reset chooses a password.
import { Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { begin } from '@/api/session'
import type { SetupLink, SignedIn } from '@/api/types'
import { paths } from '@/paths'
import { EntryFrame } from '@/ui/EntryFrame'
import { FirstRunForm } from './FirstRunForm'
import { PasswordForm } from './PasswordForm'

export default function SetupPage() {
  const { link } = useParams({ from: '/setup/$link' })
  const navigate = useNavigate()
  const address = `/setup/${encodeURIComponent(link)}`
  const state = useQuery({
    queryKey: ['setup', link],
    queryFn: () => api.get<SetupLink>(address),
    retry: false,
  })
  const enter = useMutation({
    mutationFn: (answers: Record<string, string>) => api.post<SignedIn>(address, answers),
    onSuccess: async (signedIn) => {
      begin(signedIn, false)
      await navigate({ to: state.data?.purpose === 'setup' ? paths.start : paths.home, replace: true })
    },
  })
  const form = { busy: enter.isPending, error: enter.error, onSubmit: enter.mutate }
  return (
    <EntryFrame>
      {state.isError && <DeadLink error={state.error} />}
      {state.data?.purpose === 'setup' && <FirstRunForm {...form} />}
      {state.data && state.data.purpose !== 'setup' && <PasswordForm link={state.data} {...form} />}
    </EntryFrame>
  )
}

function DeadLink({ error }: { error: unknown }) {
  return (
    <Stack>
      <Title order={1}>This link no longer works</Title>
      <Text c="dimmed">{sentence(error)}</Text>
      <Text c="dimmed">
        For the first log-in of an organization, <code>offhook admin setup-link</code> on the server prints a
        new one.
      </Text>
    </Stack>
  )
}
