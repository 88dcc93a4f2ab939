//! Team: who can take this, who talks with whom and since when, and what each did in the last 24 hours.
import { Badge, Table } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '@/api/client'
import { useSession } from '@/api/session'
import type { Agent, Page, Presence, PresenceState } from '@/api/types'
import { callQuery } from '@/features/calls/detail'
import { useClock } from '@/lib/clock'
import { duration, roleWords } from '@/lib/format'
import { partyName } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { PageHeader } from '@/shell/PageHeader'
import { PersonCircle, PersonName } from '@/ui/Person'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { useSmall } from '@/ui/useSmall'
import { WideTable } from '@/ui/WideTable'
import classes from './TeamPage.module.css'

const STATES: Record<PresenceState, { text: string; colour: string; rank: number }> = {
  available: { text: 'Available', colour: 'green', rank: 0 },
  busy: { text: 'On a call', colour: 'blue', rank: 1 },
  wrap_up: { text: 'Wrap-up', colour: 'yellow', rank: 2 },
  away: { text: 'Away', colour: 'gray', rank: 3 },
  offline: { text: 'Offline', colour: 'gray', rank: 4 },
}

export default function TeamPage() {
  const agents = useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', { limit: 200 }, signal),
  })
  return (
    <>
      <PageHeader title="Team" aside={agents.data && <Summary agents={agents.data.items} />} />
      <div className={classes.page}>
        {agents.isPending && <LoadingRows />}
        {agents.isError && <Failed error={agents.error} onRetry={() => void agents.refetch()} />}
        {agents.data?.items.length === 0 && (
          <Empty icon={IconUsers} title="Nobody here yet">
            People whom an owner or admin adds under Users appear here with what they do right now.
          </Empty>
        )}
        {agents.data && agents.data.items.length > 0 && <Team agents={agents.data.items} />}
      </div>
    </>
  )
}

function Summary({ agents }: { agents: Agent[] }) {
  const count = (state: PresenceState) => agents.filter((agent) => agent.presence.state === state).length
  return (
    <span className="quiet num">
      {count('available')} available · {count('busy')} on a call
    </span>
  )
}

function Team({ agents }: { agents: Agent[] }) {
  const small = useSmall()
  const sorted = [...agents].sort(
    (a, b) => STATES[a.presence.state].rank - STATES[b.presence.state].rank || a.name.localeCompare(b.name),
  )
  return small ? <TeamList agents={sorted} /> : <TeamTable agents={sorted} />
}

/** The same on a phone. */
function TeamList({ agents }: { agents: Agent[] }) {
  const { organization } = useSession()
  return (
    <ul className={classes.list}>
      {agents.map(({ id, name, role, number, counts, ...agent }) => (
        <li key={id} className={classes.item}>
          <PersonCircle name={name} />
          <span className={classes.name}>
            <PersonName name={name} />
            <span className="quiet">
              {[roleWords(role), number && phoneNumber(number, organization.country)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          <Now presence={agent.presence} />
          <span className={`${classes.counts} num`}>
            In 24 h: {counts.inbound} in · {counts.outbound} out · {counts.missed} missed
          </span>
        </li>
      ))}
    </ul>
  )
}

function TeamTable({ agents }: { agents: Agent[] }) {
  const { organization } = useSession()
  return (
    <WideTable label="Team" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Agent</Table.Th>
          <Table.Th>Now</Table.Th>
          <Table.Th>Number</Table.Th>
          <Table.Th className={classes.count}>In, 24 h</Table.Th>
          <Table.Th className={classes.count}>Out, 24 h</Table.Th>
          <Table.Th className={classes.count}>Missed, 24 h</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agents.map((agent) => (
          <Table.Tr key={agent.id}>
            <Table.Td>
              <span className={classes.person}>
                <PersonCircle name={agent.name} />
                <span className={classes.name}>
                  <PersonName name={agent.name} />
                  <span className="quiet">{roleWords(agent.role)}</span>
                </span>
              </span>
            </Table.Td>
            <Table.Td>
              <Now presence={agent.presence} />
            </Table.Td>
            <Table.Td className="num">
              {agent.number ? (
                phoneNumber(agent.number, organization.country)
              ) : (
                <span className="quiet">–</span>
              )}
            </Table.Td>
            <Table.Td className={classes.count}>{agent.counts.inbound}</Table.Td>
            <Table.Td className={classes.count}>{agent.counts.outbound}</Table.Td>
            <Table.Td className={classes.count}>{agent.counts.missed}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Now({ presence }: { presence: Presence }) {
  const state = STATES[presence.state]
  const { call_id, since, reason } = presence
  return (
    <span className={classes.now}>
      <Badge variant="light" color={state.colour}>
        {state.text}
      </Badge>
      {presence.state === 'busy' && call_id ? <TalksWith callId={call_id} /> : null}
      {presence.state === 'away' && reason ? <span className="quiet">{reason}</span> : null}
      {since && presence.state !== 'offline' && <Since at={since} />}
    </span>
  )
}

function TalksWith({ callId }: { callId: string }) {
  const { organization } = useSession()
  const call = useQuery(callQuery(callId))
  if (!call.data) return null
  return (
    <Link to="/calls/$callId" params={{ callId }} className={classes.call}>
      with {partyName(call.data, organization.country)}
    </Link>
  )
}

function Since({ at }: { at: string }) {
  const now = useClock(1000)
  return <span className="quiet num">{duration((now - new Date(at).getTime()) / 1000)}</span>
}
