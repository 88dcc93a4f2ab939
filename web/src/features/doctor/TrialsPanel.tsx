//! Trials that a click begins: a signed callback there and back, and a real call.
import { Alert, Anchor, Button, Group, Text, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sentence } from '@/api/errors'
import { Panel } from '@/ui/Panel'
import classes from './doctor.module.css'
import { roundTrip, useTestCall } from './queries'

export function TrialsPanel() {
  return (
    <Panel title="Try it" about="Each begins by a click, since the carrier may charge a little for it.">
      <div className={classes.trials}>
        <Callback />
        <Call />
      </div>
    </Panel>
  )
}

function Callback() {
  const trip = useMutation({ mutationFn: roundTrip })
  return (
    <section className={classes.trial} aria-label="Signed callback">
      <h3>Signed callback</h3>
      <Text c="dimmed">The carrier is asked to call this server back, and its signature is checked.</Text>
      <Group>
        <Button variant="default" loading={trip.isPending} onClick={() => trip.mutate()}>
          Send a callback
        </Button>
      </Group>
      {trip.isError && <Bad words={sentence(trip.error)} />}
      {trip.data && !trip.data.ok && (
        <Bad words={[trip.data.detail, trip.data.cure].filter(Boolean).join(' ')} />
      )}
      {trip.data?.ok && (
        <Good>
          {trip.data.detail} {trip.data.cost}
        </Good>
      )}
    </section>
  )
}

function Call() {
  const [to, setTo] = useState('')
  const call = useTestCall()
  return (
    <section className={classes.trial} aria-label="Test call">
      <h3>Test call</h3>
      <Text c="dimmed">
        A real call from this page to a phone at hand; run the doctor afterwards, and it reads back what the
        carrier saw.
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          call.mutate(to)
        }}
      >
        <Group align="end" gap="sm">
          <TextInput
            label="Phone to call"
            placeholder="Empty: your own phone"
            inputMode="tel"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={call.isPending}>
            Make a test call
          </Button>
        </Group>
      </form>
      {call.isError && <Bad words={sentence(call.error)} />}
      {call.data && (
        <Good>
          The call is on its way.{' '}
          <Anchor component={Link} to={`/calls/${call.data}`} underline="always">
            Watch it
          </Anchor>
        </Good>
      )}
    </section>
  )
}

function Good({ children }: { children: React.ReactNode }) {
  return (
    <Alert color="green" role="status" icon={<IconCircleCheck size={18} />}>
      {children}
    </Alert>
  )
}

function Bad({ words }: { words: string }) {
  return (
    <Alert color="red" role="alert" icon={<IconCircleX size={18} />}>
      {words}
    </Alert>
  )
}
