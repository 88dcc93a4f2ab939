//! Numbers, times and money as people say them.

/** 187 → `3:07`; an hour and more → `1:02:09`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–'
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** `3:07` read aloud: `3 minutes 7 seconds`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(whole / 60)
  const rest = whole % 60
  const parts = []
  if (minutes > 0) parts.push(`${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`)
  if (rest > 0 || minutes === 0) parts.push(`${rest} ${rest === 1 ? 'second' : 'seconds'}`)
  return parts.join(' ')
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `2 min ago`, `yesterday 14:05`, `3 Nov`: short enough for a list, exact on hover by `exactTime`. */
export function relativeTime(at: string | number | Date, now: number, locale?: string): string {
  const time = new Date(at).getTime()
  if (!Number.isFinite(time)) return '–'
  const past = now - time
  if (past < -MINUTE) return clockTime(time, locale)
  if (past < 45_000) return 'just now'
  if (past < HOUR) return `${Math.max(1, Math.round(past / MINUTE))} min ago`
  const days = calendarDays(time, now)
  if (days === 0) return past < 6 * HOUR ? `${Math.round(past / HOUR)} h ago` : clockTime(time, locale)
  if (days === 1) return `Yesterday ${clockTime(time, locale)}`
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  if (days < 7)
    return `${new Date(time).toLocaleDateString(locale, { weekday: 'short' })} ${clockTime(time, locale)}`
  return new Date(time).toLocaleDateString(
    locale,
    sameYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' },
  )
}

/** The same for a narrow column: `2 min ago`, `14:05`, `Yesterday`, `Wed`, `3 Nov`. */
export function shortTime(at: string | number | Date, now: number, locale?: string): string {
  const days = calendarDays(new Date(at).getTime(), now)
  if (days === 1) return 'Yesterday'
  if (days > 1 && days < 7) return new Date(at).toLocaleDateString(locale, { weekday: 'short' })
  return relativeTime(at, now, locale)
}

export function clockTime(at: string | number | Date, locale?: string): string {
  return new Date(at).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' })
}

/** `Nov 20, 11:42 AM`, with the year where it is another one. */
export function dayAndTime(at: string | number | Date, locale?: string): string {
  const time = new Date(at)
  const year = time.getFullYear() === new Date().getFullYear() ? undefined : 'numeric'
  return time.toLocaleString(locale, {
    year,
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  })
}

export function exactTime(at: string | number | Date, locale?: string): string {
  return new Date(at).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' })
}

function calendarDays(time: number, now: number): number {
  const day = new Date(time).setHours(0, 0, 0, 0)
  const today = new Date(now).setHours(0, 0, 0, 0)
  return Math.round((today - day) / DAY)
}

/** `{"amount": "0.0120", "currency": "USD"}` → `$0.012`; carriers price in fractions of a cent. */
export function money(
  value: { amount: string; currency: string } | null | undefined,
  locale?: string,
): string {
  if (!value) return '–'
  const amount = Number(value.amount)
  if (!Number.isFinite(amount)) return '–'
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: value.currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(amount)
}

/** The letters in a person's circle; a number has none. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words[words.length - 1] : undefined
  return [first, last]
    .map((word) => (word ? ([...word].find((c) => /\p{L}/u.test(c)) ?? '') : ''))
    .join('')
    .toUpperCase()
}

/** A role as it stands beside a name. */
export function roleWords(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
