//! A table that scrolls sideways where it does not fit, by keyboard too.
import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './WideTable.module.css'

interface WideTableProps {
  /** What it lists, for people who hear it. */
  label: string
  minWidth: number
  children: ReactNode
}

export function WideTable({ label, minWidth, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <Table verticalSpacing="sm" miw={minWidth} className={classes.table}>
        {children}
      </Table>
    </section>
  )
}
