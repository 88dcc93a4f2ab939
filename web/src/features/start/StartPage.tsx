//! The first run: credentials, number, test call, done. The server knows how far it is, so a reload repeats nothing.
import { Anchor, Button, Group, Text, ThemeIcon } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ConnectForm } from '@/features/carrier/ConnectForm'
import type { Verdict } from '@/features/carrier/shapes'
import { Verdicts } from '@/features/carrier/Verdicts'
import { paths } from '@/paths'
import { PageHeader } from '@/shell/PageHeader'
import { Panels } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import { NumberStep } from './NumberStep'
import { progressKey, useProgress } from './queries'
import classes from './StartPage.module.css'
import type { SetupProgress, StepId } from './shapes'
import { TestCallStep } from './TestCallStep'

const PULSE_MS = 2_000

export default function StartPage() {
  const [watching, setWatching] = useState(false)
  const progress = useProgress(watching ? PULSE_MS : false)
  return (
    <>
      <PageHeader title="Set up" />
      <Panels>
        {progress.isPending && <LoadingRows rows={4} />}
        {progress.isError && <Failed error={progress.error} onRetry={() => void progress.refetch()} />}
        {progress.data && <Steps progress={progress.data} onWatch={setWatching} />}
      </Panels>
    </>
  )
}

const TITLES: Record<Exclude<StepId, 'done'>, { open: string; done: string }> = {
  carrier: { open: 'Connect your Twilio account', done: 'Your Twilio account is connected' },
  number: { open: 'Get a phone number', done: 'You have a phone number' },
  test_call: { open: 'Make a test call', done: 'A call came through' },
}

function Steps({ progress, onWatch }: { progress: SetupProgress; onWatch: (on: boolean) => void }) {
  const cache = useQueryClient()
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const again = () => cache.invalidateQueries({ queryKey: progressKey })
  const isDone = (id: StepId) => progress.steps.some((step) => step.id === id && step.done)
  const step = (id: Exclude<StepId, 'done'>, place: number, content: ReactNode, after?: ReactNode) => (
    <Step
      place={place}
      title={isDone(id) ? TITLES[id].done : TITLES[id].open}
      done={isDone(id)}
      open={progress.next === id}
    >
      {isDone(id) ? after : progress.next === id && content}
    </Step>
  )
  return (
    <section className={classes.box} aria-label="Set up">
      <ol className={classes.steps}>
        {step(
          'carrier',
          1,
          <>
            <Text c="dimmed">
              Two lines of the{' '}
              <Anchor href="https://console.twilio.com" target="_blank" rel="noreferrer" underline="always">
                first page of Twilio’s console
              </Anchor>
              . API key, TwiML App and webhooks are set up by themselves.
            </Text>
            <ConnectForm
              plain
              onSaved={(saved) => {
                setVerdict(saved.verdict ?? null)
                void again()
              }}
            />
          </>,
          verdict && !verdict.ok && <Verdicts verdict={verdict} />,
        )}
        {step('number', 2, <NumberStep onDone={() => void again()} />)}
        {step('test_call', 3, <TestCallStep onWatch={onWatch} />)}
      </ol>
      {progress.next === 'done' && <AllDone />}
    </section>
  )
}

interface StepProps {
  place: number
  title: string
  done: boolean
  open: boolean
  children?: ReactNode
}

function Step({ place, title, done, open, children }: StepProps) {
  return (
    <li className={classes.step} aria-current={open ? 'step' : undefined} data-open={open || undefined}>
      <ThemeIcon
        size={28}
        radius="xl"
        variant={open ? 'filled' : 'light'}
        color={done ? 'green' : open ? 'teal' : 'gray'}
      >
        {done ? <IconCheck size={18} aria-label="Done" /> : <span className="num">{place}</span>}
      </ThemeIcon>
      <div className={classes.content}>
        <h2 className={classes.title}>{title}</h2>
        {children}
      </div>
    </li>
  )
}

function AllDone() {
  const navigate = useNavigate()
  return (
    <div className={classes.done} role="status">
      <h2 className={classes.title}>You can take calls now</h2>
      <Text c="dimmed">
        Next:{' '}
        <Anchor component={Link} to={paths.users} underline="always">
          add your team
        </Anchor>
        ,{' '}
        <Anchor component={Link} to={paths.numbers} underline="always">
          say where calls go
        </Anchor>
        , or see what{' '}
        <Anchor component={Link} to={paths.doctor} underline="always">
          the doctor
        </Anchor>{' '}
        says.
      </Text>
      <Group>
        <Button onClick={() => void navigate({ to: paths.calls })}>Go to calls</Button>
      </Group>
    </div>
  )
}
