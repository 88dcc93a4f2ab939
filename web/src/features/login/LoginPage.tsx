//! Log-in; in the demo, one button for each person.
import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconPhone } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { sentence } from '@/api/errors'
import { type Credentials, signIn, useDemo } from '@/api/session'
import type { Demo, DemoPerson } from '@/api/types'
import { roleWords } from '@/lib/format'
import { paths } from '@/paths'
import { EntryFrame } from '@/ui/EntryFrame'
import classes from './LoginPage.module.css'

export default function LoginPage() {
  const { to } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const demo = useDemo()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: (credentials: Credentials) => signIn(credentials, Boolean(demo.data)),
    onSuccess: () => navigate({ href: to ?? paths.home, replace: true }),
  })

  // Whether this is the demo decides the page's shape: better a moment of nothing than a jump.
  if (demo.isPending) return <EntryFrame>{null}</EntryFrame>

  function onSubmit(event: FormEvent) {
    event.preventDefault()
    enter.mutate({ email: email.trim(), password })
  }

  return (
    <EntryFrame>
      <Title order={1}>Log in</Title>
      {demo.data && <DemoPeople demo={demo.data} busy={enter.isPending} onChoose={enter.mutate} />}
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          {enter.isError && (
            <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
              {sentence(enter.error)}
            </Alert>
          )}
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus={!demo.data}
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth loading={enter.isPending} disabled={!email || !password}>
            Log in
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  )
}

interface DemoPeopleProps {
  demo: Demo
  busy: boolean
  onChoose: (person: Credentials) => void
}

function DemoPeople({ demo, busy, onChoose }: DemoPeopleProps) {
  return (
    <Stack gap="md">
      <Text c="dimmed">
        This is the demo. Choose who you are; another tab can be somebody else at the same time.
      </Text>
      <ul className={classes.people}>
        {demo.users.map((person) => (
          <li key={person.email}>
            <PersonButton person={person} busy={busy} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" className={classes.hint}>
        <IconPhone size={16} stroke={1.6} />
        <span>
          The customers’ phones are in the{' '}
          <a href={demo.sandbox_url} target="_blank" rel="noreferrer">
            sandbox’s console
          </a>
          . Call <span className={classes.number}>{spaced(demo.number)}</span> from there.
        </span>
      </Text>
      <Divider label="or with a password" />
    </Stack>
  )
}

function PersonButton(props: { person: DemoPerson; busy: boolean; onChoose: (person: Credentials) => void }) {
  const { person, busy, onChoose } = props
  return (
    <button
      type="button"
      className={classes.person}
      disabled={busy}
      onClick={() => onChoose({ email: person.email, password: person.password })}
    >
      <bdi className="cut">{person.name}</bdi>
      <span className={classes.role}>{roleWords(person.role)}</span>
    </button>
  )
}

/** The demo is American; the whole phone-number library is not worth its size on this page. */
function spaced(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')
}
