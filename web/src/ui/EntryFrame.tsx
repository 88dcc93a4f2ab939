//! The quiet page around log-in and set-up.
import type { ReactNode } from 'react'
import classes from './EntryFrame.module.css'

export function EntryFrame({ children }: { children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.brand}>
        <img src="/icons/idle.svg" alt="" width={32} height={32} />
        <span>Offhook</span>
      </div>
      <div className={classes.card}>{children}</div>
    </main>
  )
}
