//! What goes wrong on purpose: a profile or single switches, the seed that repeats it, and what went wrong so far.
import { Button, NumberInput, SegmentedControl, Table } from '@mantine/core'
import { IconCloudStorm } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Panel, Panels } from '@/ui/Panel'
import { Empty, Failed } from '@/ui/states'
import { toast } from '@/ui/toast'
import { WideTable } from '@/ui/WideTable'
import { ask } from './control'
import classes from './Faults.module.css'
import { SWITCHES, type Switch, shownValue, switchWords, takenValue } from './faultWords'
import { clock } from './webhookWords'

interface FaultsShown {
  profile: string | null
  seed: number
  switches: Record<string, Record<string, number>>
  counts: Record<string, number>
  happened: { at: string; switch: string; what: string }[]
}

const KEY = ['faults']
const OFTEN_MS = 1_000
const PROFILES = [
  { value: 'calm', label: 'Calm' },
  { value: 'rough', label: 'Rough' },
  { value: 'hostile', label: 'Hostile' },
]

export function Faults() {
  const faults = useQuery({
    queryKey: KEY,
    queryFn: () => ask<FaultsShown>('/faults'),
    refetchInterval: OFTEN_MS,
  })
  if (!faults.data) {
    return faults.isError ? <Failed error={faults.error} onRetry={() => void faults.refetch()} /> : null
  }
  return (
    <Panels>
      <Profile shown={faults.data} />
      <Switches shown={faults.data} />
      <Happened shown={faults.data} />
    </Panels>
  )
}

function useChange() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (change: unknown) => ask<FaultsShown>('/faults', { method: 'PUT', body: change }),
    onSuccess: (shown) => cache.setQueryData(KEY, shown),
    onError: (error) => toast(error.message, { tone: 'bad' }),
  })
}

function Profile({ shown }: { shown: FaultsShown }) {
  const change = useChange()
  const [seed, setSeed] = useState<number | string>(shown.seed)
  useEffect(() => setSeed(shown.seed), [shown.seed])
  const drop = useMutation({
    mutationFn: () => ask<void>('/faults/sockets', { method: 'POST' }),
    onSuccess: () => toast('Every softphone lost its signalling.'),
    onError: (error) => toast(error.message, { tone: 'bad' }),
  })
  const choose = (profile: string) =>
    change.mutate(typeof seed === 'number' ? { profile, seed } : { profile })
  return (
    <Panel
      title="Misbehaviour"
      about="Twilio loses, repeats and delays things now and then. Here it happens as often as you want; the same seed does it again."
      actions={
        <Button variant="default" loading={drop.isPending} onClick={() => drop.mutate()}>
          Break all signalling now
        </Button>
      }
    >
      <div className={classes.profile}>
        <SegmentedControl
          aria-label="Profile"
          data={[...PROFILES, ...(shown.profile === null ? [{ value: 'own', label: 'Own' }] : [])]}
          value={shown.profile ?? 'own'}
          onChange={choose}
        />
        <NumberInput
          label="Seed"
          className={classes.seed}
          min={0}
          allowDecimal={false}
          value={seed}
          onChange={setSeed}
        />
        <Button
          variant="default"
          disabled={typeof seed !== 'number'}
          loading={change.isPending}
          onClick={() => change.mutate({ seed })}
        >
          Begin anew
        </Button>
      </div>
    </Panel>
  )
}

function Switches({ shown }: { shown: FaultsShown }) {
  const change = useChange()
  return (
    <Panel title="Switches" about="How often each thing goes wrong. A change counts at once.">
      <div className={classes.groups}>
        {SWITCHES.map(({ title, switches }) => (
          <fieldset key={title} className={classes.group}>
            <legend>{title}</legend>
            {switches.map((each) => (
              <Value
                key={`${each.group}.${each.name}`}
                each={each}
                value={shown.switches[each.group]?.[each.name] ?? 0}
                struck={shown.counts[`${each.group}.${each.name}`] ?? 0}
                onChange={(value) => change.mutate({ [each.group]: { [each.name]: value } })}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </Panel>
  )
}

interface ValueProps {
  each: Switch
  value: number
  struck: number
  onChange: (value: number) => void
}

function Value({ each, value, struck, onChange }: ValueProps) {
  const now = shownValue(each, value)
  const [typed, setTyped] = useState<number | string>(now)
  useEffect(() => setTyped(now), [now])
  const taken = takenValue(each, typed)
  const leave = () => {
    if (taken === null) setTyped(now)
    else if (taken !== value) onChange(taken)
  }
  return (
    <NumberInput
      className={classes.value}
      label={each.label}
      description={struck > 0 ? `Struck ${struck} times` : undefined}
      suffix={each.span ? ' ms' : ' %'}
      min={0}
      max={each.span ? 600_000 : 100}
      step={each.span ? 500 : 5}
      value={typed}
      onChange={setTyped}
      onBlur={leave}
      onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
  )
}

function Happened({ shown }: { shown: FaultsShown }) {
  return (
    <Panel title="What went wrong" about="The newest first.">
      {shown.happened.length === 0 ? (
        <Empty icon={IconCloudStorm} title="Nothing so far">
          Choose a profile or turn a switch; whatever strikes is listed here.
        </Empty>
      ) : (
        <WideTable label="What went wrong" minWidth={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Time</Table.Th>
              <Table.Th scope="col">What struck</Table.Th>
              <Table.Th scope="col">What it struck</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.happened.map((each, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may strike at the same moment
              <Table.Tr key={`${each.at} ${place}`}>
                <Table.Td className="num">{clock(each.at)}</Table.Td>
                <Table.Td>{switchWords(each.switch)}</Table.Td>
                <Table.Td className="quiet">{each.what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Panel>
  )
}
