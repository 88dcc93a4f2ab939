//! Calls, newest first.
import { IconPhoneCall } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/client'
import type { Call, Page } from '@/api/types'
import { duration } from '@/lib/format'
import { PageHeader } from '@/shell/PageHeader'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { When } from '@/ui/When'

export default function CallsPage() {
  const calls = useQuery({
    queryKey: ['calls', {}],
    queryFn: ({ signal }) => api.get<Page<Call>>('/calls', { limit: 50 }, signal),
  })
  return (
    <>
      <PageHeader title="Calls" />
      {calls.isPending && <LoadingRows />}
      {calls.isError && <Failed error={calls.error} onRetry={() => void calls.refetch()} />}
      {calls.data?.items.length === 0 && (
        <Empty icon={IconPhoneCall} title="No calls yet">
          Every call of the organization appears here the moment it begins.
        </Empty>
      )}
      <ul>
        {calls.data?.items.map((call) => (
          <li key={call.id}>
            {call.contact?.name ?? call.from_number} <When at={call.started_at} />{' '}
            <span className="num">{duration(call.duration_seconds)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
