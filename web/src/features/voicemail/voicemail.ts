//! Voicemails: what is asked of the server about them.
import { api } from '@/api/client'
import type { components } from '@/api/generated'
import type { Call, Page } from '@/api/types'

export type Voicemail = Omit<components['schemas']['VoicemailView'], 'call'> & {
  /** The call in which it was left. */
  call: Call
}

export const isNew = (voicemail: Voicemail) => !voicemail.heard_at

export const voicemailKeys = {
  all: ['voicemails'] as const,
  list: (unheard: boolean) => ['voicemails', { unheard }] as const,
}

export const listVoicemails = (unheard: boolean, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Voicemail>>('/voicemails', { unheard: unheard || undefined, limit: 50, cursor }, signal)

export const markHeard = (id: string) =>
  api.patch<Voicemail>(`/voicemails/${encodeURIComponent(id)}`, { heard: true })
