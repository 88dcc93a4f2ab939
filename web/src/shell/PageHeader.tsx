//! A page's title and actions, shown in the shell's top bar, and the browser tab's title with the call's state.
import { createContext, type ReactNode, use, useEffect } from 'react'
import { createPortal } from 'react-dom'
import classes from './PageHeader.module.css'

/** Where the bar keeps its place for the page's own head. */
export const HeadSlot = createContext<HTMLElement | null>(null)

interface PageHeaderProps {
  title: string
  /** A count or a state beside the title. */
  aside?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, aside, actions }: PageHeaderProps) {
  const slot = use(HeadSlot)
  // The tab's title lives outside React.
  useEffect(() => setPageTitle(title), [title])
  if (!slot) return null
  return createPortal(
    <>
      <h1 className={classes.title}>{title}</h1>
      {aside && <span className={classes.aside}>{aside}</span>}
      <div className={classes.actions}>{actions}</div>
    </>,
    slot,
  )
}

let pageTitle = ''
let callTitle: string | null = null

function setPageTitle(title: string): void {
  pageTitle = title
  write()
}

/** What the phone wants the tab to say; it wins over the page's title. */
export function setCallTitle(title: string | null): void {
  callTitle = title
  write()
}

function write(): void {
  document.title = callTitle ?? (pageTitle ? `${pageTitle} · Offhook` : 'Offhook')
}
