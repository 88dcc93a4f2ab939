//! The way of a call through a number, step by step, as a small picture.
import {
  IconArrowForwardUp,
  IconMailbox,
  IconPhone,
  IconPhoneOff,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from './RoutePicture.module.css'
import { type Destination, type Names, type OurNumber, type Overflow, overflowWords } from './routes'

type Icon = ComponentType<{ size?: number; stroke?: number }>

interface Stop {
  icon: Icon
  title: string
  text?: string
}

export function RoutePicture({
  number,
  names,
  country,
}: {
  number: OurNumber
  names: Names
  country?: string
}) {
  const stops: Stop[] = [
    { icon: IconPhone, title: phoneNumber(number.number, country), text: 'Somebody calls' },
    destination(number.route.to, names),
  ]
  if (number.route.overflow && number.route.to.kind !== 'voicemail')
    stops.push(overflow(number.route.overflow, names))
  return (
    <ol className={classes.way} aria-label="Where a call to this number goes">
      {stops.map(({ icon: StopIcon, title, text }) => (
        <li key={title} className={classes.stop}>
          <span className={classes.icon}>
            <StopIcon size={20} stroke={1.6} />
          </span>
          <span className={classes.words}>
            <strong>{title}</strong>
            {text && <span className="quiet">{text}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

function destination(to: Destination, names: Names): Stop {
  switch (to.kind) {
    case 'queue':
      return {
        icon: IconUsersGroup,
        title: names.queue(to.queue),
        text: 'Waits with music, rings its agents',
      }
    case 'ring_agents':
      return {
        icon: IconUsers,
        title: to.agents.map(names.agent).join(', '),
        text: `Ring for ${to.seconds} s`,
      }
    case 'forward':
      return { icon: IconArrowForwardUp, title: names.phone(to.to), text: 'Rings that phone' }
    case 'voicemail':
      return { icon: IconMailbox, title: 'Voicemail', text: 'Leaves a message' }
  }
}

function overflow(to: Overflow, names: Names): Stop {
  const icon = { voicemail: IconMailbox, forward: IconArrowForwardUp, hang_up: IconPhoneOff }[to.kind]
  const words = overflowWords(to, names)
  return { icon, title: words.charAt(0).toUpperCase() + words.slice(1), text: 'When nobody takes it' }
}
