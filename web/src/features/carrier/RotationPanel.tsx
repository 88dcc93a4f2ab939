//! A new auth token, made and taken into use step by step without a refused webhook.
import { Alert, Button, Text } from '@mantine/core'
import { IconCircle, IconCircleCheck, IconCircleX, IconProgress } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { clockTime } from '@/lib/format'
import { Confirm } from '@/ui/Confirm'
import { Panel } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import { When } from '@/ui/When'
import classes from './carrier.module.css'
import { isTurning, rotationKey, useRotation } from './queries'
import { type Step, timeline } from './rotation'
import type { Rotation } from './shapes'

export function RotationPanel() {
  const cache = useQueryClient()
  const rotation = useRotation()
  const [asking, setAsking] = useState(false)
  const rotate = useMutation({
    mutationFn: () => api.post('/carrier/rotate'),
    onSuccess: () => cache.invalidateQueries({ queryKey: rotationKey }),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => setAsking(false),
  })
  const turning = isTurning(rotation.data)
  return (
    <Panel
      title="Auth token"
      about="It signs every webhook. A new one is taken into use without a refused call; no call is interrupted."
      actions={
        <Button variant="default" disabled={turning || !rotation.data} onClick={() => setAsking(true)}>
          Rotate
        </Button>
      }
    >
      {rotation.isPending && <LoadingRows rows={2} />}
      {rotation.isError && <Failed error={rotation.error} onRetry={() => void rotation.refetch()} />}
      {rotation.data && <Progress rotation={rotation.data} />}
      <Confirm
        opened={asking}
        title="Make a new auth token?"
        verb="Rotate"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        Other programs that use this account’s token need the new one too: you find it in Twilio’s console
        afterwards. The old one stops working in a few minutes.
      </Confirm>
    </Panel>
  )
}

function Progress({ rotation }: { rotation: Rotation }) {
  const turning = isTurning(rotation)
  if (rotation.state === 'none') return <Text c="dimmed">It was not rotated from here yet.</Text>
  return (
    <>
      {rotation.state === 'failed' && (
        <Alert color="red" role="alert" title="The rotation stopped">
          {rotation.reason ?? 'The carrier refused a step.'}
        </Alert>
      )}
      <ol className={classes.steps} aria-label="Steps of the rotation">
        {timeline(rotation).map((step) => (
          <li key={step.name} className={classes.step} data-tone={step.tone}>
            <Sign step={step} />
            <span className={classes.words}>
              <strong>{step.title}</strong>
              {step.detail && (
                <Text span c="dimmed">
                  {step.detail}
                </Text>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Text size="xs" c="dimmed">
        Began <When at={rotation.started_at} />
        {rotation.old_token_until && (
          <>
            . Webhooks with the old token are accepted until{' '}
            <time dateTime={rotation.old_token_until}>{clockTime(rotation.old_token_until)}</time>
          </>
        )}
        .{turning && rotation.reason ? ` ${rotation.reason}` : ''}
      </Text>
    </>
  )
}

function Sign({ step }: { step: Step }) {
  switch (step.tone) {
    case 'good':
      return <IconCircleCheck size={20} aria-label="Done" />
    case 'bad':
      return <IconCircleX size={20} aria-label="Failed" />
    case 'now':
      return <IconProgress size={20} aria-label="Going on" />
    case 'open':
      return <IconCircle size={20} aria-label="To come" />
  }
}
