//! A moment as people say it, exact on hover.
import { useClock } from '@/lib/clock'
import { exactTime, relativeTime } from '@/lib/format'

export function When({ at }: { at: string | null | undefined }) {
  const now = useClock(30_000)
  if (!at) return <span className="quiet">–</span>
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  )
}
