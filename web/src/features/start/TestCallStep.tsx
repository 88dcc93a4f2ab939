//! The test call: somebody calls the number and it rings here, or this page calls a phone at hand; the page sees by itself that it worked.
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sentence } from '@/api/errors'
import { availabilityQuery, setAvailability } from '@/api/presence'
import { useSession } from '@/api/session'
import { useTestCall } from '@/features/doctor/queries'
import { useNumbers } from '@/features/numbers/queries'
import { phoneNumber } from '@/lib/phoneNumbers'
import { usePhone, usePhoneState } from '@/phone/PhoneProvider'
import { toast } from '@/ui/toast'
import classes from './StartPage.module.css'

export function TestCallStep({ onWatch }: { onWatch: (on: boolean) => void }) {
  const { organization } = useSession()
  const presence = useQuery(availabilityQuery).data?.state
  const phone = usePhone()
  const { device, active } = usePhoneState()
  const number = useNumbers().data?.items[0]
  // The progress is asked for again and again while this step is open.
  useEffect(() => {
    onWatch(true)
    return () => onWatch(false)
  }, [onWatch])
  const available = useMutation({
    mutationFn: async () => {
      if (await phone.microphoneReady()) await setAvailability({ state: 'available' })
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  const reachable = device === 'ready' && presence !== undefined && !['away', 'offline'].includes(presence)
  return (
    <Stack gap="md" align="start">
      <Text>
        {reachable
          ? 'Call this number from any phone. It rings here: accept, say hello, and end the call.'
          : 'First let calls reach you: the browser asks for the microphone.'}
      </Text>
      {number && (
        <strong className={`${classes.number} num`}>
          {phoneNumber(number.number, organization.country)}
        </strong>
      )}
      {reachable ? (
        <>
          <Text c="dimmed" role="status">
            {active ? 'You are in the call.' : 'Waiting for the call.'} This page sees by itself that it
            worked.
          </Text>
          {!active && <CallOut />}
        </>
      ) : (
        <Button loading={available.isPending} onClick={() => available.mutate()}>
          Let calls reach me
        </Button>
      )}
    </Stack>
  )
}

/** The other way round, where calling out is easier. */
function CallOut() {
  const [to, setTo] = useState('')
  const call = useTestCall()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        call.mutate(to)
      }}
    >
      <Group align="end" gap="sm">
        <TextInput
          label="Or call a phone at hand from here"
          inputMode="tel"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={to.trim() === ''} loading={call.isPending}>
          Test it
        </Button>
      </Group>
      {call.isError && (
        <Alert color="red" role="alert" mt="sm" icon={<IconAlertTriangle size={18} />}>
          {sentence(call.error)}
        </Alert>
      )}
    </form>
  )
}
