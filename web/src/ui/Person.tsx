//! Somebody's circle and name; any name fits: long, missing, right to left.
import { Avatar } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { initials } from '@/lib/format'

const HUES = ['teal', 'blue', 'grape', 'indigo', 'violet', 'pink']

export function PersonCircle({ name, size = 32 }: { name: string; size?: number }) {
  const letters = initials(name)
  return (
    <Avatar
      size={size}
      radius="50%"
      color={letters ? hue(name) : 'gray'}
      variant="light"
      styles={{ placeholder: { color: 'var(--oh-text)' } }}
      aria-hidden
    >
      {letters || <IconUser size={size * 0.55} stroke={1.6} />}
    </Avatar>
  )
}

export function PersonName({ name }: { name: string }) {
  return (
    <bdi className="cut" title={name}>
      {name}
    </bdi>
  )
}

/** Where there is room for all of it: the heading of what one looks at. */
export function WholeName({ name }: { name: string }) {
  return <bdi className="whole">{name}</bdi>
}

function hue(name: string): string {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  return HUES[sum % HUES.length] ?? 'teal'
}
