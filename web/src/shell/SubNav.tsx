//! The pages within a page, as links: the one that is open is marked.
import { Link, useLocation } from '@tanstack/react-router'
import classes from './SubNav.module.css'

interface SubNavProps {
  label: string
  entries: { to: string; label: string }[]
}

export function SubNav({ label, entries }: SubNavProps) {
  const { pathname } = useLocation()
  const within = entries.filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
  const open = within.sort((a, b) => b.to.length - a.to.length)[0]
  return (
    <nav className={classes.tabs} aria-label={label}>
      {entries.map((entry) => (
        <Link
          key={entry.to}
          to={entry.to}
          className={classes.tab}
          data-open={entry === open || undefined}
          aria-current={entry === open ? 'page' : undefined}
        >
          {entry.label}
        </Link>
      ))}
    </nav>
  )
}
