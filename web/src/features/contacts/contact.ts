//! A contact as the API tells it.

export type Kind = 'lead' | 'customer' | 'other'

export interface FullContact {
  id: string
  kind: Kind
  name: string
  company?: string | null
  note?: string | null
  phones: { number: string; label?: string | null }[]
  emails: string[]
  created_at: string
  updated_at: string
}

export const KINDS: { value: Kind; label: string }[] = [
  { value: 'customer', label: 'Customer' },
  { value: 'lead', label: 'Lead' },
  { value: 'other', label: 'Other' },
]
