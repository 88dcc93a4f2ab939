//! A page of panels: a heading, what it is for, and its content.
import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Panel.module.css'

export function Panels({ children }: { children: ReactNode }) {
  return <div className={classes.page}>{children}</div>
}

interface PanelProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Panel({ title, about, actions, children }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title}>
      <header className={classes.head}>
        <div>
          <Title order={2}>{title}</Title>
          {about && (
            <Text c="dimmed" component="p" m={0}>
              {about}
            </Text>
          )}
        </div>
        {actions}
      </header>
      {children}
    </section>
  )
}
