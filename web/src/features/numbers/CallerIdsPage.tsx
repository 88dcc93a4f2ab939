//! Verified caller IDs: numbers that are not ours at the carrier and may be shown to those we call.
import { Alert, Button, Group, Modal, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { IconCircleCheck, IconId, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError, sentence } from '@/api/errors'
import { useMay, useSession } from '@/api/session'
import { phoneNumber } from '@/lib/phoneNumbers'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { Confirm } from '@/ui/Confirm'
import { Panel, Panels } from '@/ui/Panel'
import { Empty, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import classes from './CallerIdsPage.module.css'
import { NotListed } from './NotListed'
import { NumbersTabs } from './NumbersTabs'
import { callerIdsKey, useCallerIds } from './queries'
import type { CallerId, Validation } from './shapes'

export default function CallerIdsPage() {
  const mayEdit = useMay('manage_numbers')
  const [verifying, setVerifying] = useState(false)
  const ids = useCallerIds()
  const verify = <Button onClick={() => setVerifying(true)}>Verify a number</Button>
  return (
    <>
      <PageHeader
        title="Numbers"
        actions={
          mayEdit && ids.data?.length ? (
            <HeadButton label="Verify a number" icon={IconPlus} onClick={() => setVerifying(true)} />
          ) : undefined
        }
      />
      <Panels>
        <NumbersTabs />
        <Panel
          title="Verified caller IDs"
          about="Numbers that are not at Twilio, and may be shown to those you call."
        >
          {ids.isPending && <LoadingRows rows={4} />}
          {ids.isError && <NotListed error={ids.error} onRetry={() => void ids.refetch()} />}
          {ids.data?.length === 0 && (
            <Empty icon={IconId} title="No verified caller ID yet" action={mayEdit ? verify : undefined}>
              Prove that a phone is yours, such as a mobile, and agents may show its number when they call.
            </Empty>
          )}
          <ul className={classes.list}>
            {ids.data?.map((each) => (
              <li key={each.sid}>
                <Row callerId={each} mayEdit={mayEdit} />
              </li>
            ))}
          </ul>
        </Panel>
      </Panels>
      {verifying && <Verify onClose={() => setVerifying(false)} />}
    </>
  )
}

function Row({ callerId, mayEdit }: { callerId: CallerId; mayEdit: boolean }) {
  const cache = useQueryClient()
  const { country } = useSession().organization
  const [asking, setAsking] = useState(false)
  const shown = phoneNumber(callerId.number, country)
  const remove = useMutation({
    mutationFn: () => api.delete(`/caller-ids/${callerId.sid}`),
    onSuccess: async () => {
      setAsking(false)
      await cache.invalidateQueries({ queryKey: callerIdsKey })
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  return (
    <div className={classes.row}>
      <span className={classes.words}>
        <strong className="num">{shown}</strong>
        {callerId.label && callerId.label !== callerId.number && (
          <bdi className="quiet">{callerId.label}</bdi>
        )}
      </span>
      {mayEdit && (
        <Button variant="subtle" color="red" size="compact-sm" flex="none" onClick={() => setAsking(true)}>
          Remove <VisuallyHidden>{shown}</VisuallyHidden>
        </Button>
      )}
      <Confirm
        opened={asking}
        title={`Remove ${shown}?`}
        verb="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        Nobody can show this number any more, until it is verified again.
      </Confirm>
    </div>
  )
}

const PULSE_MS = 2_000

/** The phone rings and asks for the code that stands here. */
function Verify({ onClose }: { onClose: () => void }) {
  const { country } = useSession().organization
  const [number, setNumber] = useState('')
  const [label, setLabel] = useState('')
  const call = useMutation({
    mutationFn: () =>
      api.post<Validation>('/caller-ids', { number: number.trim(), label: label.trim() || undefined }),
  })
  const wrong =
    call.error instanceof ApiError && call.error.field === 'number' ? sentence(call.error) : undefined
  if (call.data)
    return (
      <Code
        validation={call.data}
        shown={phoneNumber(call.data.number, country)}
        onAgain={() => call.mutate()}
        onClose={onClose}
      />
    )
  return (
    <Modal opened onClose={onClose} title="Verify a number">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          call.mutate()
        }}
      >
        <Stack>
          <Text>Have the phone at hand: it rings now, and asks for a code that you see here.</Text>
          <TextInput
            label="Phone number"
            inputMode="tel"
            required
            withAsterisk={false}
            data-autofocus
            value={number}
            error={wrong}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            label="Name"
            placeholder="Office mobile"
            maxLength={60}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          {call.isError && !wrong && (
            <Alert color="red" role="alert">
              {sentence(call.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={number.trim() === ''} loading={call.isPending}>
              Call this phone
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface CodeProps {
  validation: Validation
  shown: string
  onAgain: () => void
  onClose: () => void
}

function Code({ validation, shown, onAgain, onClose }: CodeProps) {
  const ids = useCallerIds(PULSE_MS)
  const verified = ids.data?.some((each) => each.number === validation.number)
  return (
    <Modal opened onClose={onClose} title={verified ? `${shown} is verified` : `Calling ${shown}`}>
      {verified ? (
        <Stack>
          <Alert color="green" role="status" icon={<IconCircleCheck size={18} />}>
            It may be shown to those you call.
          </Alert>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <Text>Answer the phone and key in this code:</Text>
          <output
            className={`${classes.code} num`}
            aria-label={validation.validation_code.split('').join(' ')}
          >
            {validation.validation_code}
          </output>
          <Text c="dimmed" role="status">
            Waiting for the code. This page sees by itself that it was keyed in.
          </Text>
          <Group justify="space-between">
            <Button variant="subtle" onClick={onAgain}>
              Call again
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
