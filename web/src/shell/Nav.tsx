//! The navigation at the left on a desk, at the bottom on a phone.
import { Menu, UnstyledButton } from '@mantine/core'
import { IconDots, IconPhone } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Role } from '@/api/types'
import classes from './Nav.module.css'
import { navFor } from './nav'

export function SideNav({ role, footer }: { role: Role; footer: React.ReactNode }) {
  return (
    <nav className={classes.side} aria-label="Main">
      <div className={classes.brand}>
        <img src="/icons/idle.svg" alt="" width={28} height={28} />
        <span>Offhook</span>
      </div>
      <ul className={classes.entries}>
        {navFor(role).map((entry) => (
          <li key={entry.to}>
            <Link
              to={entry.to}
              className={classes.entry}
              activeProps={{ 'data-active': true }}
              title={entry.label}
            >
              <entry.icon size={20} stroke={1.6} />
              <span>{entry.label}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.footer}>{footer}</div>
    </nav>
  )
}

export function BottomNav({ role, onPhone }: { role: Role; onPhone?: () => void }) {
  const entries = navFor(role)
  const shown = entries.filter((entry) => entry.bottom)
  const rest = entries.filter((entry) => !entry.bottom)
  return (
    <nav className={classes.bottom} aria-label="Main">
      {onPhone && (
        <UnstyledButton className={classes.tab} onClick={onPhone}>
          <IconPhone size={22} stroke={1.6} />
          <span>Phone</span>
        </UnstyledButton>
      )}
      {shown.map((entry) => (
        <Link key={entry.to} to={entry.to} className={classes.tab} activeProps={{ 'data-active': true }}>
          <entry.icon size={22} stroke={1.6} />
          <span>{entry.label}</span>
        </Link>
      ))}
      {rest.length > 0 && (
        <Menu position="top-end">
          <Menu.Target>
            <UnstyledButton className={classes.tab}>
              <IconDots size={22} stroke={1.6} />
              <span>More</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((entry) => (
              <Menu.Item
                key={entry.to}
                component={Link}
                to={entry.to}
                leftSection={<entry.icon size={18} stroke={1.6} />}
              >
                {entry.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  )
}
