//! Numbers: where does a call to this number go, in one sentence and a small picture.
import { Button, Group } from '@mantine/core'
import { IconPhonePlus } from '@tabler/icons-react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useMay } from '@/api/session'
import { useDrift } from '@/features/carrier/queries'
import { paths } from '@/paths'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { NumberDetail } from './NumberDetail'
import { NumberRow } from './NumberRow'
import classes from './NumbersPage.module.css'
import { NumbersTabs } from './NumbersTabs'
import { OpenOrders } from './OpenOrders'
import { useAgents, useNumbers } from './queries'

export default function NumbersPage() {
  const mayEdit = useMay('manage_numbers')
  const mayRepair = useMay('manage_carrier')
  const navigate = useNavigate()
  const { numberId } = useParams({ strict: false })
  const numbers = useNumbers()
  const agents = useAgents()
  const drift = useDrift(mayRepair)
  const owner = (id: string | null | undefined) =>
    agents.data?.items.find((agent) => agent.id === id)?.name ?? null
  const differing = (id: string) =>
    drift.data?.items.filter((item) => !item.ok && item.number_id === id) ?? []
  const selected = numbers.data?.items.find((number) => number.id === numberId)
  const close = () => void navigate({ to: paths.numbers })
  return (
    <>
      <PageHeader
        title="Numbers"
        actions={mayEdit && numbers.data?.items.length ? <HeadActions /> : undefined}
      />
      <ListDetail
        toolbar={mayEdit ? <NumbersTabs /> : undefined}
        list={
          <>
            {mayEdit && <OpenOrders />}
            {numbers.isPending && <LoadingRows height={80} />}
            {numbers.isError && <Failed error={numbers.error} onRetry={() => void numbers.refetch()} />}
            {numbers.data?.items.length === 0 && <NoNumbers mayEdit={mayEdit} />}
            <ul className={classes.list}>
              {numbers.data?.items.map((number) => (
                <li key={number.id}>
                  <NumberRow
                    number={number}
                    owner={owner(number.agent)}
                    drifts={differing(number.id).length > 0}
                    selected={number.id === numberId}
                  />
                </li>
              ))}
            </ul>
          </>
        }
        detail={
          selected ? (
            <NumberDetail
              key={selected.id}
              number={selected}
              owner={owner(selected.agent)}
              drift={differing(selected.id)}
              mayEdit={mayEdit}
              onGone={close}
            />
          ) : null
        }
        detailLabel="Number"
        placeholder={
          numbers.data?.items.length ? <Empty icon={IconPhonePlus} title="Choose a number" /> : undefined
        }
        onClose={close}
      />
    </>
  )
}

function HeadActions() {
  const navigate = useNavigate()
  return (
    <HeadButton
      label="Get a number"
      icon={IconPhonePlus}
      onClick={() => void navigate({ to: paths.getNumber })}
    />
  )
}

function NoNumbers({ mayEdit }: { mayEdit: boolean }) {
  const navigate = useNavigate()
  return (
    <Empty
      icon={IconPhonePlus}
      title="No numbers yet"
      action={
        mayEdit && (
          <Group justify="center">
            <Button onClick={() => void navigate({ to: paths.getNumber })}>Get a number</Button>
            <Button variant="default" onClick={() => void navigate({ to: paths.importNumbers })}>
              Import from Twilio
            </Button>
          </Group>
        )
      }
    >
      {mayEdit
        ? 'Get a new number, or import those that your Twilio account has already.'
        : 'An admin gets the first number; it appears here.'}
    </Empty>
  )
}
