//! The device's dot with its text; behind it, what a call needs, point by point.
import { Popover } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useClock } from '@/lib/clock'
import { relativeTime } from '@/lib/format'
import { CheckSound } from './CheckSound'
import classes from './DeviceStatus.module.css'
import { type Point, points } from './devicePoints'
import { type Permission, watchMicrophone } from './microphone'
import { usePhoneState } from './PhoneProvider'
import { deviceWords } from './words'

export function DeviceDot() {
  const [open, setOpen] = useState(false)
  const { tone, text } = deviceWords(usePhoneState())
  return (
    <Popover opened={open} onChange={setOpen} position="bottom" width={296} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.status} data-tone={tone} onClick={() => setOpen(!open)}>
          <span className={classes.dot} aria-hidden />
          <span role="status" aria-label={`Phone: ${text}`}>
            {text}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>{open && <Points />}</Popover.Dropdown>
    </Popover>
  )
}

const ICONS = {
  good: IconCircleCheck,
  poor: IconAlertTriangle,
  bad: IconCircleX,
  open: IconCircleDashed,
}

function Points() {
  const state = usePhoneState()
  const now = useClock(30_000)
  const [microphone, setMicrophone] = useState<Permission>('granted')
  // The permission belongs to the browser and may change behind the page.
  useEffect(() => watchMicrophone(setMicrophone), [])
  const checked = state.sound.at === null ? null : relativeTime(state.sound.at, now)
  return (
    <>
      <ul className={classes.list}>
        {points(state, microphone, checked).map((point) => (
          <Item key={point.name} point={point} />
        ))}
      </ul>
      {state.owner && <CheckSound />}
    </>
  )
}

function Item({ point }: { point: Point }) {
  const Icon = ICONS[point.tone]
  return (
    <li className={classes.item} data-tone={point.tone}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <strong>{point.name}</strong>
      <span>{point.words}</span>
    </li>
  )
}
