//! Click to call, wherever a number stands on a page; says why when it cannot.
import { Button, Tooltip } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import { useSession } from '@/api/session'
import { dialable } from '@/lib/phoneNumbers'
import { usePhone, usePhoneState } from './PhoneProvider'
import { canDial } from './phone'

interface CallButtonProps {
  number: string
  /** Who is called, for people who hear the button. */
  name: string
  contactId?: string
  compact?: boolean
}

export function CallButton({ number, name, contactId, compact }: CallButtonProps) {
  const phone = usePhone()
  const state = usePhoneState()
  const { organization } = useSession()
  const target = dialable(number, organization.country)
  const why = target ? (canDial(state) ? null : 'You are in a call') : 'There is no number to call'
  return (
    <Tooltip label={why ?? `Dials ${target?.shown}`}>
      <Button
        size={compact ? 'compact-sm' : 'sm'}
        variant={compact ? 'default' : 'light'}
        leftSection={<IconPhone size={16} />}
        aria-label={`${compact ? 'Dial' : 'Call back'} ${name}`}
        data-disabled={why ? true : undefined}
        aria-disabled={why ? true : undefined}
        onClick={() => {
          if (target && !why) void phone.dial(target.e164, undefined, contactId)
        }}
      >
        {compact ? 'Dial' : 'Call back'}
      </Button>
    </Tooltip>
  )
}
