//! A queue as the API tells it.
import type { NamedRef } from '@/api/types'
import type { Overflow } from '@/features/numbers/routes'

export interface Queue {
  id: string
  name: string
  label: string
  ring: 'all' | 'longest_idle'
  offer_seconds: number
  max_wait_seconds: number
  overflow: Overflow
  greeting?: string | null
  members: NamedRef[]
  waiting: number
}

export interface Waiting {
  call_id: string
  position: number
  from_number: string
  contact?: NamedRef | null
  waiting_since: string
}
