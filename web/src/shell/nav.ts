//! The navigation: only pages that work, each for the roles that may open it.
import {
  IconAddressBook,
  IconHash,
  IconPhoneCall,
  IconRecordMail,
  IconSettings,
  IconStack2,
  IconStethoscope,
  IconUserCog,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Role } from '@/api/types'
import { paths } from '@/paths'

export interface NavEntry {
  to: string
  label: string
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>
  /** Who sees it; everybody when absent. */
  roles?: Role[]
  /** One of the few that a phone's bottom bar has room for. */
  bottom?: boolean
}

const CONFIGURE: Role[] = ['owner', 'admin']

export const nav: NavEntry[] = [
  { to: paths.calls, label: 'Calls', icon: IconPhoneCall, bottom: true },
  { to: paths.voicemail, label: 'Voicemail', icon: IconRecordMail, bottom: true },
  { to: paths.contacts, label: 'Contacts', icon: IconAddressBook, bottom: true },
  { to: paths.queue, label: 'Queue', icon: IconStack2 },
  { to: paths.team, label: 'Team', icon: IconUsers, bottom: true },
  { to: paths.numbers, label: 'Numbers', icon: IconHash },
  { to: paths.users, label: 'Users', icon: IconUserCog, roles: CONFIGURE },
  { to: paths.doctor, label: 'Doctor', icon: IconStethoscope, roles: CONFIGURE },
  { to: paths.settings, label: 'Settings', icon: IconSettings },
]

export function navFor(role: Role): NavEntry[] {
  return nav.filter((entry) => !entry.roles || entry.roles.includes(role))
}
