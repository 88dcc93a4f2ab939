//! Numbers: where does a call to this number go, in one sentence and a small picture.
import { Badge, Button } from '@mantine/core'
import { IconPhonePlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { useMay, useSession } from '@/api/session'
import type { Page } from '@/api/types'
import { moveByArrows } from '@/lib/moveByArrows'
import { phoneNumber } from '@/lib/phoneNumbers'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { NumberForm } from './NumberForm'
import classes from './NumbersPage.module.css'
import { RoutePicture } from './RoutePicture'
import { type OurNumber, routeSentence } from './routes'
import { useNames } from './useNames'

export default function NumbersPage() {
  const { organization } = useSession()
  const mayEdit = useMay('manage_numbers')
  const [open, setOpen] = useState<string | 'new' | null>(null)
  const names = useNames()
  const numbers = useQuery({
    queryKey: ['numbers'],
    queryFn: ({ signal }) => api.get<Page<OurNumber>>('/numbers', { limit: 200 }, signal),
  })
  const selected = numbers.data?.items.find((number) => number.id === open)
  const add = (
    <Button leftSection={<IconPhonePlus size={16} />} onClick={() => setOpen('new')}>
      Add number
    </Button>
  )
  const list = (
    <>
      {numbers.isPending && <LoadingRows height={80} />}
      {numbers.isError && <Failed error={numbers.error} onRetry={() => void numbers.refetch()} />}
      {numbers.data?.items.length === 0 && (
        <Empty icon={IconPhonePlus} title="No numbers yet" action={mayEdit ? add : undefined}>
          Add a phone number of your Twilio account and say where its calls go.
        </Empty>
      )}
      <ul className={classes.list}>
        {numbers.data?.items.map((number) => (
          <li key={number.id}>
            <button
              type="button"
              className={classes.row}
              data-selected={number.id === open || undefined}
              data-row
              aria-pressed={number.id === open}
              onKeyDown={moveByArrows}
              onClick={() => setOpen(number.id)}
            >
              <span className={classes.title}>
                <strong className="num">{phoneNumber(number.number, organization.country)}</strong>
                {number.label && <Badge variant="default">{number.label}</Badge>}
              </span>
              <span className="quiet">{routeSentence(number.route, names)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
  const detail =
    open === 'new' ? (
      <NumberForm key="new" onDone={(id) => setOpen(id)} />
    ) : selected ? (
      <div className={classes.detail}>
        <RoutePicture number={selected} names={names} country={organization.country} />
        {mayEdit && <NumberForm key={selected.id} number={selected} onDone={(id) => setOpen(id)} />}
      </div>
    ) : null
  return (
    <>
      <PageHeader
        title="Numbers"
        actions={
          mayEdit && numbers.data?.items.length ? (
            <HeadButton label="Add number" icon={IconPhonePlus} onClick={() => setOpen('new')} />
          ) : undefined
        }
      />
      <ListDetail
        list={list}
        detail={detail}
        detailLabel="Number"
        placeholder={<Empty icon={IconPhonePlus} title="Choose a number" />}
        onClose={() => setOpen(null)}
      />
    </>
  )
}
