//! A list and what is selected in it, side by side where there is room, one after the other where there is not.
import { ActionIcon } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './ListDetail.module.css'

interface ListDetailProps {
  /** Filters and search; stays in place while the list scrolls. */
  toolbar?: ReactNode
  list: ReactNode
  /** Null while nothing is selected. */
  detail: ReactNode | null
  detailLabel: string
  /** What the wide layout shows beside the list while nothing is selected. */
  placeholder?: ReactNode
  onClose: () => void
}

export function ListDetail({ toolbar, list, detail, detailLabel, placeholder, onClose }: ListDetailProps) {
  const pane = useRef<HTMLElement>(null)
  // Esc goes back to the list from anywhere inside the detail, as in a mail program.
  useEffect(() => {
    const node = pane.current
    if (!detail || !node) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    node.addEventListener('keydown', onKey)
    return () => node.removeEventListener('keydown', onKey)
  }, [detail, onClose])
  return (
    <div className={classes.box} data-open={detail ? true : undefined}>
      <div className={classes.list}>
        {toolbar && <div className={classes.toolbar}>{toolbar}</div>}
        <div className={classes.scroll}>{list}</div>
      </div>
      {detail ? (
        <section ref={pane} className={classes.detail} aria-label={detailLabel}>
          <div className={classes.back}>
            <ActionIcon onClick={onClose} aria-label="Back to the list">
              <IconArrowLeft size={20} />
            </ActionIcon>
          </div>
          {detail}
        </section>
      ) : (
        placeholder && <div className={`${classes.detail} ${classes.placeholder}`}>{placeholder}</div>
      )}
    </div>
  )
}
