//! The phone's place: beside the page on a desk, over it on smaller screens, a sheet on a phone.
import { ActionIcon } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { AfterCard } from './AfterCard'
import { AudioSettings } from './AudioSettings'
import { CallCard } from './CallCard'
import { DeviceDot } from './DeviceDot'
import { DeviceProblem } from './DeviceStatus'
import { DialPad } from './DialPad'
import classes from './Dock.module.css'
import { usePhoneState } from './PhoneProvider'

export function Dock({ open, onClose }: { open: boolean; onClose: () => void }) {
  const state = usePhoneState()
  return (
    <section className={classes.dock} data-open={open || undefined} aria-label="Phone">
      <header className={classes.head}>
        <h2>Phone</h2>
        <DeviceDot />
        <span className={classes.space} />
        <AudioSettings />
        <ActionIcon className={classes.close} aria-label="Close the phone" onClick={onClose}>
          <IconChevronDown size={20} />
        </ActionIcon>
      </header>
      <div className={classes.body}>
        <DeviceProblem />
        {state.active ? (
          <CallCard active={state.active} />
        ) : (
          <>
            {state.after && <AfterCard key={state.after.call.id} after={state.after} />}
            <DialPad compact={Boolean(state.after?.endsAt)} />
          </>
        )}
      </div>
    </section>
  )
}
