//! A problem of the device: its reason, and its cure as a button.
import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { CheckSound } from './CheckSound'
import classes from './DeviceStatus.module.css'
import { type Permission, watchMicrophone } from './microphone'
import { usePhone, usePhoneState } from './PhoneProvider'
import { PROBLEMS } from './problems'

/** Before the browser was ever asked: said early, so that the question does not come in the middle of a call. */
function MicrophoneNotice() {
  const phone = usePhone()
  const [permission, setPermission] = useState<Permission>('granted')
  // The permission belongs to the browser and may change behind the page.
  useEffect(() => watchMicrophone(setPermission), [])
  if (permission !== 'prompt') return null
  return (
    <div className={classes.notice} data-tone="plain">
      <p>Your browser will ask for the microphone at the first call.</p>
      <Button size="compact-sm" variant="default" onClick={() => void phone.microphoneReady()}>
        Allow microphone
      </Button>
    </div>
  )
}

/** What does not keep the phone from working, and is better known before a call than in it. */
function Hints() {
  const { sound } = usePhoneState()
  if (sound.found?.verdict !== 'poor') return <MicrophoneNotice />
  return (
    <div className={classes.notice} data-tone="poor">
      <p className={classes.title}>
        <IconAlertTriangle size={18} aria-hidden />
        The sound is choppy
      </p>
      <p>
        Part of it gets lost on the way. A cable instead of Wi-Fi, or nothing else that loads the network,
        helps.
      </p>
      <CheckSound />
    </div>
  )
}

export function DeviceProblem() {
  const phone = usePhone()
  const state = usePhoneState()
  const [busy, setBusy] = useState(false)
  const elsewhere = !state.owner && state.peer !== null
  if (!elsewhere && !(state.owner && state.problem)) return state.device === 'ready' ? <Hints /> : null
  const run = async () => {
    setBusy(true)
    await phone.cure()
    setBusy(false)
  }
  if (elsewhere) {
    return (
      <div className={classes.notice} data-tone="plain">
        <p>Your phone is open in another tab. Calls can be taken here as well.</p>
        <Button size="compact-sm" variant="default" onClick={run} loading={busy}>
          Use it here
        </Button>
      </div>
    )
  }
  const words = state.problem && PROBLEMS[state.problem]
  if (!words) return null
  return (
    <div className={classes.notice} data-tone="problem" role="alert">
      <p className={classes.title}>
        <IconAlertTriangle size={18} aria-hidden />
        {words.title}
      </p>
      <p>{words.cure}</p>
      <Button size="compact-sm" variant="default" onClick={run} loading={busy}>
        {words.button}
      </Button>
    </div>
  )
}
