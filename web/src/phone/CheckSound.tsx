//! The click that checks the sound.
import { Button } from '@mantine/core'
import { usePhone, usePhoneState } from './PhoneProvider'

export function CheckSound() {
  const phone = usePhone()
  const { sound, active, device, problem } = usePhoneState()
  const able = device === 'ready' || problem === 'no_media'
  const why = active
    ? 'Possible after your call'
    : able
      ? undefined
      : 'Possible as soon as the phone is connected'
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={sound.checking}
      disabled={why !== undefined}
      title={why}
      onClick={() => void phone.checkSound()}
    >
      Check sound
    </Button>
  )
}
