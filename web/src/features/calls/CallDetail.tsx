//! One call: who, what happened, its sound, its legs on a line of time, every event, and what people noted.
import { Badge, Group, Skeleton, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '@/api/session'
import { endingWords } from '@/lib/endings'
import { dayAndTime, duration, exactTime, money } from '@/lib/format'
import { ourNumber, partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { CallButton } from '@/phone/CallButton'
import { PersonCircle, PersonName, WholeName } from '@/ui/Person'
import { Player } from '@/ui/Player'
import { Failed } from '@/ui/states'
import classes from './CallDetail.module.css'
import { type CallDetails, callQuery, type DetailRecording } from './detail'
import { Events } from './Events'
import { LegsChart } from './LegsChart'
import { Notes } from './Notes'
import { callWords, isLive } from './words'

const COLOUR = { good: 'green', talking: 'blue', waiting: 'yellow', bad: 'red', plain: 'gray' } as const
export function CallDetail({ id }: { id: string }) {
  const call = useQuery(callQuery(id))
  if (call.isPending) return <DetailSkeleton />
  if (call.isError) return <Failed error={call.error} onRetry={() => void call.refetch()} />
  return <Loaded call={call.data} />
}

function Loaded({ call }: { call: CallDetails }) {
  const { organization } = useSession()
  const country = organization.country
  const words = callWords(call)
  const name = partyName(call, country)
  return (
    <Stack gap="lg" p="md">
      <header className={classes.head}>
        <PersonCircle name={call.contact?.name ?? ''} size={48} />
        <div className={classes.title}>
          <Title order={2}>
            <WholeName name={name} />
          </Title>
          <Group gap={8} wrap="wrap">
            {call.contact && <span className="quiet">{phoneNumber(partyNumber(call), country)}</span>}
            <Badge variant="light" color={COLOUR[words.meaning]}>
              {words.text}
            </Badge>
            {call.disposition && <Badge variant="default">{call.disposition}</Badge>}
          </Group>
        </div>
        <CallButton number={partyNumber(call)} name={name} contactId={call.contact?.id} />
      </header>
      <Facts call={call} country={country} />
      <Recordings call={call} name={name} />
      <Notes call={call} />
      <LegsChart call={call} country={country} />
      <Events call={call} />
    </Stack>
  )
}

function Recordings({ call, name }: { call: CallDetails; name: string }) {
  return call.recordings.map((recording) =>
    recording.status === 'ready' ? (
      <Player
        key={recording.id}
        path={`/calls/${call.id}/recordings/${recording.id}`}
        voices={[call.contact?.name ?? 'Customer', call.agent?.name ?? 'Our side']}
        name={`Recording of ${name}, ${exactTime(call.started_at)}`}
      />
    ) : (
      <p key={recording.id} className={classes.notice}>
        {recordingWords(recording, isLive(call))}
      </p>
    ),
  )
}

function recordingWords(recording: DetailRecording, live: boolean): string {
  if (recording.status === 'in-progress' && live) return 'This call is being recorded.'
  if (recording.status === 'absent' || recording.status === 'failed')
    return `There is no recording to hear${recording.reason ? `: ${recording.reason}` : ''}.`
  return 'The recording is on its way from the carrier.'
}

function Facts({ call, country }: { call: CallDetails; country?: string }) {
  const { user } = useSession()
  const facts: [string, React.ReactNode][] = [
    [
      call.direction === 'inbound' ? 'Called our number' : 'Shown to them',
      phoneNumber(ourNumber(call), country),
    ],
    [
      'Began',
      <time key="t" dateTime={call.started_at} title={exactTime(call.started_at)}>
        {dayAndTime(call.started_at)}
      </time>,
    ],
    [call.direction === 'inbound' ? 'Waited' : 'Rang', duration(call.wait_seconds)],
    ['Talked', duration(call.talk_seconds)],
  ]
  const ending = endingWords(call, user.id)
  if (ending) facts.push(['Ended', ending])
  if (call.agent) facts.splice(1, 0, ['Agent', <PersonName key="a" name={call.agent.name} />])
  if (call.queue) facts.splice(1, 0, ['Queue', call.queue.name])
  if (call.price) facts.push(['Carrier price', money(call.price)])
  return (
    <dl className={classes.facts}>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function DetailSkeleton() {
  return (
    <Stack p="md" role="status" aria-label="Loading">
      <Group>
        <Skeleton circle height={48} />
        <Skeleton height={20} width={180} />
      </Group>
      <Skeleton height={64} />
      <Skeleton height={144} />
      <Skeleton height={96} />
    </Stack>
  )
}
