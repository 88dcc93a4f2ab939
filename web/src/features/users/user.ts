//! A user as owners and admins see them.
import type { components } from '@/api/generated'
import type { Role } from '@/api/types'

export type UserRow = components['schemas']['UserView']
export type OneTimeLink = components['schemas']['OneTimeLink']

export const ROLES: { value: Role; label: string }[] = [
  { value: 'agent', label: 'Agent: takes and makes calls' },
  { value: 'supervisor', label: 'Supervisor: sees the whole team' },
  { value: 'admin', label: 'Admin: sets everything up' },
  { value: 'owner', label: 'Owner: admin, and owns the account' },
]
