//! A voicemail as the API tells it.
import { api } from '@/api/client'
import type { Call, NamedRef, Page } from '@/api/types'

export interface Voicemail {
  id: string
  /** The call in which it was left. */
  call: Call
  /** Null until the sound has arrived. */
  recording_id: string | null
  seconds: number
  created_at: string
  heard_at: string | null
  heard_by: NamedRef | null
}

export const voicemailKeys = {
  all: ['voicemails'] as const,
  list: (unheard: boolean) => ['voicemails', { unheard }] as const,
}

export const listVoicemails = (unheard: boolean, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Voicemail>>('/voicemails', { unheard: unheard || undefined, limit: 50, cursor }, signal)

export const markHeard = (id: string) =>
  api.patch<Voicemail>(`/voicemails/${encodeURIComponent(id)}`, { heard: true })
