//! Queue: who waits, how long, and who could take them.
import { Badge, Button, Group } from '@mantine/core'
import { IconPlus, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { useMay, useSession } from '@/api/session'
import type { Page } from '@/api/types'
import { useAgents, useQueues } from '@/features/numbers/queries'
import { useClock } from '@/lib/clock'
import { duration, plural } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { Panel, Panels } from '@/ui/Panel'
import { PersonCircle, PersonName } from '@/ui/Person'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { QueueForm } from './QueueForm'
import classes from './QueuesPage.module.css'
import type { Queue, Waiting } from './queue'

export default function QueuesPage() {
  const queues = useQueues()
  const [adding, setAdding] = useState(false)
  const mayEdit = useMay('manage_queues')
  const waiting = queues.data?.items.reduce((sum, queue) => sum + queue.waiting, 0) ?? 0
  const add = mayEdit && <Button onClick={() => setAdding(true)}>Add queue</Button>
  return (
    <>
      <PageHeader
        title="Queue"
        aside={
          queues.data && (
            <span className="quiet num">{waiting === 0 ? 'Nobody waits' : `${waiting} waiting`}</span>
          )
        }
        actions={
          mayEdit && queues.data?.items.length ? (
            <HeadButton label="Add queue" icon={IconPlus} onClick={() => setAdding(true)} />
          ) : undefined
        }
      />
      <Panels>
        {queues.isPending && <LoadingRows />}
        {queues.isError && <Failed error={queues.error} onRetry={() => void queues.refetch()} />}
        {queues.data?.items.length === 0 && (
          <Empty icon={IconStack2} title="No queue yet" action={add}>
            In a queue, callers wait with music until one of its agents takes them.
          </Empty>
        )}
        {queues.data?.items.map((queue) => (
          <QueuePanel key={queue.id} queue={queue} mayEdit={mayEdit} />
        ))}
      </Panels>
      {adding && <QueueForm onClose={() => setAdding(false)} />}
    </>
  )
}

function QueuePanel({ queue, mayEdit }: { queue: Queue; mayEdit: boolean }) {
  const [editing, setEditing] = useState(false)
  const rings = queue.ring === 'all' ? 'Rings everybody at once' : 'Rings the longest idle first'
  return (
    <Panel
      title={queue.label}
      about={`${rings} · at most ${duration(queue.max_wait_seconds)} waiting · ${plural(queue.members.length, 'agent')}`}
      actions={
        mayEdit && (
          <Button variant="default" size="compact-md" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      <WaitingList queue={queue} />
      <Members queue={queue} />
      {editing && <QueueForm queue={queue} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

function WaitingList({ queue }: { queue: Queue }) {
  const { organization } = useSession()
  const waiting = useQuery({
    queryKey: ['queues', queue.id, 'waiting'],
    queryFn: ({ signal }) => api.get<Page<Waiting>>(`/queues/${queue.id}/waiting`, { limit: 100 }, signal),
  })
  if (waiting.isError) return <Failed error={waiting.error} onRetry={() => void waiting.refetch()} />
  if (!waiting.data) return null
  if (waiting.data.items.length === 0) return <p className={classes.calm}>Nobody waits.</p>
  return (
    <ol className={classes.waiting}>
      {waiting.data.items.map((caller) => (
        <li key={caller.call_id}>
          <span className={`${classes.place} num`}>{caller.position}</span>
          <PersonCircle name={caller.contact?.name ?? ''} />
          <Link to="/calls/$callId" params={{ callId: caller.call_id }} className={classes.caller}>
            <PersonName
              name={caller.contact?.name ?? phoneNumber(caller.from_number, organization.country)}
            />
          </Link>
          <WaitBar since={caller.waiting_since} limit={queue.max_wait_seconds} />
        </li>
      ))}
    </ol>
  )
}

/** How much of the longest wait has gone: turns amber at half, red near the end. */
function WaitBar({ since, limit }: { since: string; limit: number }) {
  const now = useClock(1000)
  const seconds = Math.max(0, (now - new Date(since).getTime()) / 1000)
  const part = Math.min(1, seconds / limit)
  const meaning = part > 0.85 ? 'bad' : part > 0.5 ? 'waiting' : 'good'
  return (
    <span className={classes.wait}>
      <span className={classes.track} aria-hidden>
        <span className={classes.gone} data-meaning={meaning} style={{ width: `${part * 100}%` }} />
      </span>
      <span className="num">{duration(seconds)}</span>
    </span>
  )
}

function Members({ queue }: { queue: Queue }) {
  const agents = useAgents()
  if (queue.members.length === 0)
    return <p className={classes.calm}>No agent belongs to it yet, so calls wait in vain.</p>
  return (
    <Group gap={6}>
      {queue.members.map((member) => {
        const state = agents.data?.items.find((agent) => agent.id === member.id)?.presence.state ?? 'offline'
        const colour = { available: 'green', busy: 'blue', wrap_up: 'yellow', away: 'gray', offline: 'gray' }[
          state
        ]
        return (
          <Badge key={member.id} variant="dot" color={colour} className={classes.member}>
            {member.name}
          </Badge>
        )
      })}
    </Group>
  )
}
