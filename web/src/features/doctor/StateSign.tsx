//! The sign of a state, never by colour alone.
import { IconAlertCircle, IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import classes from './doctor.module.css'
import type { State } from './shapes'

const SIGNS = {
  ok: { icon: IconCircleCheck, words: 'Fine' },
  warning: { icon: IconAlertCircle, words: 'To look at' },
  failed: { icon: IconCircleX, words: 'Broken' },
  skipped: { icon: IconCircleDashed, words: 'Not looked at' },
}

export function StateSign({ state, size = 18 }: { state: State; size?: number }) {
  const { icon: Icon, words } = SIGNS[state]
  return <Icon size={size} stroke={1.8} aria-label={words} className={classes.sign} data-state={state} />
}
