//! A user as owners and admins see them.
import type { Role } from '@/api/types'

export interface UserRow {
  id: string
  name: string
  email: string
  role: Role
  active: boolean
  invited: boolean
  queues: string[]
  own_phone?: string | null
  caller_number?: string | null
  created_at: string
}

export interface OneTimeLink {
  link: string
  expires_at: string
}

export const ROLES: { value: Role; label: string }[] = [
  { value: 'agent', label: 'Agent: takes and makes calls' },
  { value: 'supervisor', label: 'Supervisor: sees the whole team' },
  { value: 'admin', label: 'Admin: sets everything up' },
  { value: 'owner', label: 'Owner: admin, and owns the account' },
]
