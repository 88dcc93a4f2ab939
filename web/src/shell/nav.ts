//! The navigation: only pages that work, each for the roles that may open it.
import { IconPhoneCall } from '@tabler/icons-react'
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

export const nav: NavEntry[] = [{ to: paths.calls, label: 'Calls', icon: IconPhoneCall, bottom: true }]

export function navFor(role: Role): NavEntry[] {
  return nav.filter((entry) => !entry.roles || entry.roles.includes(role))
}
