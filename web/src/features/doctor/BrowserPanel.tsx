//! What this browser itself can say: whether the page is secure, the microphone, the phone service, and sound there and back.
import { useEffect, useState } from 'react'
import { useClock } from '@/lib/clock'
import { relativeTime } from '@/lib/format'
import { CheckSound } from '@/phone/CheckSound'
import { type Point, points } from '@/phone/devicePoints'
import { type Permission, watchMicrophone } from '@/phone/microphone'
import { usePhoneState } from '@/phone/PhoneProvider'
import { Panel } from '@/ui/Panel'
import classes from './doctor.module.css'
import { StateSign } from './StateSign'
import type { State } from './shapes'

const STATES: Record<Point['tone'], State> = { good: 'ok', poor: 'warning', bad: 'failed', open: 'skipped' }

export function BrowserPanel() {
  const state = usePhoneState()
  const now = useClock(30_000)
  const [microphone, setMicrophone] = useState<Permission>('granted')
  // The permission belongs to the browser and may change behind the page.
  useEffect(() => watchMicrophone(setMicrophone), [])
  const checked = state.sound.at === null ? null : relativeTime(state.sound.at, now)
  const all = [secure(), ...points(state, microphone, checked)]
  return (
    <Panel
      title="This browser"
      about="What only the browser knows: it is looked at here and now, on this computer."
      actions={state.owner ? <CheckSound /> : undefined}
    >
      <ul className={classes.list}>
        {all.map((point) => (
          <li key={point.name} className={classes.check}>
            <StateSign state={STATES[point.tone]} />
            <span className={classes.words}>
              <strong>{point.name}</strong>
              <span>{point.words}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function secure(): Point {
  const name = 'Secure page'
  if (!window.isSecureContext)
    return {
      name,
      tone: 'bad',
      words: 'Browsers give the microphone only to https addresses and to localhost. Open Offhook there.',
    }
  if (!('RTCPeerConnection' in window))
    return {
      name,
      tone: 'bad',
      words: 'This browser cannot carry calls. Use a current Chrome, Edge, Firefox or Safari.',
    }
  return { name, tone: 'good', words: 'Secure, and this browser can carry calls.' }
}
