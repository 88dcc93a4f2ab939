//! The way of a call through a number as a small picture: large with its words, or a line of signs in a list.
import {
  IconArrowForwardUp,
  IconHeadset,
  IconMailbox,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOff,
  IconUsersGroup,
} from '@tabler/icons-react'
import { type ComponentType, Fragment } from 'react'
import { useSession } from '@/api/session'
import { phoneNumber } from '@/lib/phoneNumbers'
import type { Way } from './shapes'
import classes from './WayPicture.module.css'

type Icon = ComponentType<{ size?: number; stroke?: number }>

const ICONS: Record<string, Icon> = {
  number: IconPhoneIncoming,
  queue: IconUsersGroup,
  agents: IconHeadset,
  phone: IconArrowForwardUp,
  voicemail: IconMailbox,
  hang_up: IconPhoneOff,
}

/** A stop that is a phone is told by its number alone. */
function shown(label: string, country: string): string {
  return /^\+\d+$/.test(label) ? phoneNumber(label, country) : label
}

export function WayPicture({ way }: { way: Way }) {
  const { country } = useSession().organization
  return (
    <ol className={classes.way} aria-label="Where a call to this number goes">
      {way.steps.map((step, index) => {
        const StepIcon = ICONS[step.kind] ?? IconPhone
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a way's stops are known by their place alone.
          <li key={index} className={classes.stop}>
            <span className={classes.icon} aria-hidden>
              <StepIcon size={20} stroke={1.6} />
            </span>
            <bdi className={`${classes.words} num`}>{shown(step.label, country)}</bdi>
          </li>
        )
      })}
    </ol>
  )
}

/** In a list the sentence stands beside it, so that it is only for the eye. */
export function WaySigns({ way }: { way: Way }) {
  const { country } = useSession().organization
  return (
    <span className={classes.signs} aria-hidden>
      {way.steps.map((step, index) => {
        const StepIcon = ICONS[step.kind] ?? IconPhone
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a way's stops are known by their place alone.
          <Fragment key={index}>
            {index > 0 && <span className={classes.arrow}>→</span>}
            <span title={shown(step.label, country)}>
              <StepIcon size={16} stroke={1.6} />
            </span>
          </Fragment>
        )
      })}
    </span>
  )
}
