//! A rotation as a line of steps: what is done, what goes on, what is still to come, where it stopped.
import type { Rotation } from './shapes'

export interface Step {
  name: string
  title: string
  detail: string | null
  tone: 'good' | 'bad' | 'now' | 'open'
}

/** The order in which the carrier wants it. */
const ORDER = [
  { name: 'create', title: 'A second token is made' },
  { name: 'store', title: 'It is stored here, and accepted' },
  { name: 'promote', title: 'It becomes the first one' },
  { name: 'verify', title: 'It is tried' },
  { name: 'keys', title: 'The API keys are tried' },
]

/** Only what was told is done; the first step that is not told of goes on, until the whole is over. */
export function timeline(rotation: Rotation): Step[] {
  const told = new Map(rotation.steps.map((step) => [step.name, step]))
  const over = rotation.state === 'none' || rotation.state === 'done' || rotation.state === 'failed'
  let going = !over
  return ORDER.map(({ name, title }) => {
    const step = told.get(name)
    let tone: Step['tone'] = step?.ok || rotation.state === 'done' ? 'good' : 'open'
    if (step && !step.ok && over) tone = 'bad'
    if (tone === 'open' && going) {
      tone = 'now'
      going = false
    }
    return { name, title, detail: step?.detail ?? null, tone }
  })
}
