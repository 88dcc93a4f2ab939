//! A contact as the API tells it.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type Kind = Schemas['Kind']
export type FullContact = Schemas['ContactView']

export const KINDS: { value: Kind; label: string }[] = [
  { value: 'customer', label: 'Customer' },
  { value: 'lead', label: 'Lead' },
  { value: 'other', label: 'Other' },
]
