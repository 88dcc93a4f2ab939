//! Calls: what happened with this caller, and what should I do.
import { IconDownload, IconPhoneCall } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { callKeys } from '@/api/calls'
import { api, send } from '@/api/client'
import { sentence } from '@/api/errors'
import { useMay, useSession } from '@/api/session'
import type { Call, Page } from '@/api/types'
import { paths } from '@/paths'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed, LoadingRows, NothingMatches } from '@/ui/states'
import { toast } from '@/ui/toast'
import { CallDetail } from './CallDetail'
import { CallRow } from './CallRow'
import { CallsToolbar } from './CallsToolbar'
import { type CallFilters, hasFilters, toQuery } from './filters'

const ROW = 64

export default function CallsPage() {
  const filters = useSearch({ from: '/app/calls' })
  const { callId } = useParams({ strict: false }) as { callId?: string }
  const navigate = useNavigate()
  const mayExport = useMay('export')
  const setFilters = (next: CallFilters) => void navigate({ to: paths.calls, search: next, replace: true })
  const close = () => void navigate({ to: paths.calls, search: filters })
  return (
    <>
      <PageHeader title="Calls" actions={mayExport && <Export filters={filters} />} />
      <ListDetail
        toolbar={<CallsToolbar filters={filters} onChange={setFilters} />}
        list={<CallList filters={filters} selected={callId} onClear={() => setFilters({})} />}
        detail={callId ? <CallDetail key={callId} id={callId} /> : null}
        detailLabel="Call"
        placeholder={
          <Empty icon={IconPhoneCall} title="Choose a call">
            Its recording, who took part and every step of it appear here.
          </Empty>
        }
        onClose={close}
      />
    </>
  )
}

interface CallListProps {
  filters: CallFilters
  selected?: string
  onClear: () => void
}

function CallList({ filters, selected, onClear }: CallListProps) {
  const { organization } = useSession()
  const calls = useInfiniteQuery({
    queryKey: callKeys.list({ ...filters }),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Call>>('/calls', { ...toQuery(filters), limit: 50, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (previous) => previous,
  })
  const items = calls.data?.pages.flatMap((page) => page.items) ?? []
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (index) => items[index]?.id ?? index,
  })
  const visible = rows.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = calls
  // The next page is asked for before the reader reaches the end.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - 15) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, items.length])

  if (calls.isPending) return <LoadingRows height={ROW} />
  if (calls.isError) return <Failed error={calls.error} onRetry={() => void calls.refetch()} />
  if (items.length === 0)
    return hasFilters(filters) ? (
      <NothingMatches what="calls" onClear={onClear} />
    ) : (
      <Empty icon={IconPhoneCall} title="No calls yet">
        Every call of the organization appears here the moment it begins.
      </Empty>
    )
  return (
    <div ref={box} style={{ height: '100%', overflow: 'auto' }}>
      <ul
        style={{
          position: 'relative',
          height: rows.getTotalSize(),
          margin: 0,
          padding: 0,
          listStyle: 'none',
        }}
      >
        {visible.map((row) => {
          const call = items[row.index]
          return (
            call && (
              <li
                key={row.key}
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${row.start}px)` }}
              >
                <CallRow call={call} country={organization.country} selected={call.id === selected} />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

function Export({ filters }: { filters: CallFilters }) {
  const save = async () => {
    try {
      const query = new URLSearchParams()
      for (const [key, value] of Object.entries(toQuery(filters))) if (value) query.set(key, value)
      const answer = await send('GET', `/calls/export?${query.toString()}`)
      const url = URL.createObjectURL(await answer.blob())
      const link = document.createElement('a')
      link.href = url
      link.download = 'calls.csv'
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
    } catch (error) {
      toast(sentence(error), { tone: 'bad' })
    }
  }
  return <HeadButton quiet label="Export" icon={IconDownload} onClick={() => void save()} />
}
