//! The set-up checklists of the systems that Offhook replaces, ticking themselves.
import { IconCircleDashed, IconSquare, IconSquareCheck } from '@tabler/icons-react'
import { Panel } from '@/ui/Panel'
import classes from './doctor.module.css'
import { progress } from './report'
import type { Checklist } from './shapes'

export function ChecklistsPanel({ lists }: { lists: Checklist[] }) {
  return (
    <Panel
      title="Set-up checklists"
      about="For who comes from one of these systems: their own lists, ticked by what was found here."
    >
      <div>
        {lists.map((list) => (
          <One key={list.system} list={list} />
        ))}
      </div>
    </Panel>
  )
}

function One({ list }: { list: Checklist }) {
  const { done, of } = progress(list)
  return (
    <details className={classes.checklist}>
      <summary>
        <span>{list.name}</span>
        <span className={`${classes.count} num`}>
          {done} of {of}
        </span>
        <progress max={of} value={done} aria-label={`${list.name}: ${done} of ${of} done`} />
      </summary>
      <ul className={classes.ticks}>
        {list.items.map((item) => (
          <li key={item.text}>
            <Tick done={item.done ?? null} />
            <span>
              {item.text}
              {item.note && <small>{item.note}</small>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Tick({ done }: { done: boolean | null }) {
  if (done === null) return <IconCircleDashed size={18} aria-label="A machine cannot know" />
  return done ? (
    <IconSquareCheck size={18} aria-label="Done" data-done />
  ) : (
    <IconSquare size={18} aria-label="Not done" />
  )
}
