//! A moment as people say it, exact on hover.
import { useClock } from '@/lib/clock'
import { exactTime, relativeTime, shortTime } from '@/lib/format'

/** `short` is for lists: the day alone, where it is not today. */
export function When({ at, short }: { at: string | null | undefined; short?: boolean }) {
  const now = useClock(30_000)
  if (!at) return <span className="quiet">–</span>
  return (
    <time dateTime={at} title={exactTime(at)}>
      {short ? shortTime(at, now) : relativeTime(at, now)}
    </time>
  )
}
