//! What the carrier has differently from here: each with what it should be, and the click that puts it right.
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useSession } from '@/api/session'
import { plural } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Panel } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import { When } from '@/ui/When'
import classes from './carrier.module.css'
import { useDrift, useRepair } from './queries'
import type { DriftItem } from './shapes'

export function Drift() {
  const drift = useDrift(true)
  const repair = useRepair()
  const wrong = drift.data?.items.filter((item) => !item.ok) ?? []
  const repairable = wrong.filter((item) => item.repairable)
  return (
    <Panel
      title="Set-up at the carrier"
      about="The TwiML App, and where each number sends its calls. Kept in step by itself; changed there by hand, it shows here."
      actions={
        <Group gap="sm">
          {repairable.length > 0 && (
            <Button loading={repair.isPending} onClick={() => repair.mutate(undefined)}>
              Repair {repairable.length > 1 ? `all ${repairable.length}` : ''}
            </Button>
          )}
          <Button variant="default" loading={drift.isFetching} onClick={() => void drift.refetch()}>
            Look again
          </Button>
        </Group>
      }
    >
      {drift.isPending && <LoadingRows rows={2} />}
      {drift.isError && <Failed error={drift.error} onRetry={() => void drift.refetch()} />}
      {drift.data && wrong.length === 0 && (
        <Alert color="green" icon={<IconCircleCheck size={18} />} role="status">
          Everything is as it should be: {plural(drift.data.items.length, 'thing')} looked at{' '}
          <When at={drift.data.checked_at} />.
        </Alert>
      )}
      {wrong.length > 0 && (
        <ul className={classes.drift}>
          {wrong.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Item({ item }: { item: DriftItem }) {
  const { country } = useSession().organization
  const subject = item.kind === 'number' ? phoneNumber(item.subject, country) : item.subject
  const repair = useRepair()
  return (
    <li className={classes.item}>
      <IconAlertTriangle size={18} aria-label="Differs" />
      <span className={classes.words}>
        <strong className="num">
          <bdi>{subject}</bdi>
        </strong>
        <span>{item.problem}</span>
        {item.cure && (
          <Text span c="dimmed">
            {item.cure}
          </Text>
        )}
        {(item.expected || item.found) && (
          <dl className={classes.differs}>
            <dt>Should be</dt>
            <dd>{item.expected ?? 'empty'}</dd>
            <dt>Is</dt>
            <dd>{item.found ?? 'empty'}</dd>
          </dl>
        )}
      </span>
      {item.repairable && (
        <Button
          variant="default"
          size="compact-md"
          loading={repair.isPending}
          aria-label={`Repair ${subject}`}
          onClick={() => repair.mutate([item.id])}
        >
          Repair
        </Button>
      )}
    </li>
  )
}
