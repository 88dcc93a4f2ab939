//! Voicemail: what do I call back first.
import { Button, SegmentedControl } from '@mantine/core'
import { IconRecordMail } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { paths } from '@/paths'
import { PageHeader } from '@/shell/PageHeader'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { VoicemailDetail } from './VoicemailDetail'
import { VoicemailRow } from './VoicemailRow'
import { listVoicemails, voicemailKeys } from './voicemail'

const SHOW = [
  { value: 'all', label: 'All' },
  { value: 'new', label: 'New' },
]

export default function VoicemailPage() {
  const { show } = useSearch({ from: '/app/voicemail' })
  const { voicemailId } = useParams({ strict: false }) as { voicemailId?: string }
  const navigate = useNavigate()
  const unheard = show === 'new'
  const voicemails = useInfiniteQuery({
    queryKey: voicemailKeys.list(unheard),
    queryFn: ({ pageParam, signal }) => listVoicemails(unheard, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (previous) => previous,
  })
  const items = voicemails.data?.pages.flatMap((page) => page.items) ?? []
  const selected = items.find((each) => each.id === voicemailId)
  return (
    <>
      <PageHeader title="Voicemail" />
      <ListDetail
        toolbar={
          <SegmentedControl
            aria-label="Show"
            data={SHOW}
            value={unheard ? 'new' : 'all'}
            onChange={(value) =>
              void navigate({
                to: paths.voicemail,
                search: { show: value === 'new' ? 'new' : undefined },
                replace: true,
              })
            }
          />
        }
        list={
          voicemails.isPending ? (
            <LoadingRows height={64} />
          ) : voicemails.isError ? (
            <Failed error={voicemails.error} onRetry={() => void voicemails.refetch()} />
          ) : items.length === 0 ? (
            <Empty icon={IconRecordMail} title={unheard ? 'Nothing new' : 'No voicemail'}>
              {unheard
                ? 'Every message has been heard.'
                : 'When nobody takes a call, the caller can leave a message. It appears here at once.'}
            </Empty>
          ) : (
            <>
              <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
                {items.map((voicemail) => (
                  <li key={voicemail.id}>
                    <VoicemailRow voicemail={voicemail} selected={voicemail.id === voicemailId} />
                  </li>
                ))}
              </ul>
              {voicemails.hasNextPage && (
                <Button
                  variant="subtle"
                  fullWidth
                  loading={voicemails.isFetchingNextPage}
                  onClick={() => void voicemails.fetchNextPage()}
                >
                  Show older
                </Button>
              )}
            </>
          )
        }
        detail={selected ? <VoicemailDetail key={selected.id} voicemail={selected} /> : null}
        detailLabel="Voicemail"
        placeholder={
          <Empty icon={IconRecordMail} title="Choose a voicemail">
            Listen to it and call back from here.
          </Empty>
        }
        onClose={() => void navigate({ to: paths.voicemail, search: { show } })}
      />
    </>
  )
}
