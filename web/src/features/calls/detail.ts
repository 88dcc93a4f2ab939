//! One call as its page reads it: the row of the list, and everything that hangs below it.
import { queryOptions } from '@tanstack/react-query'
import { callKeys } from '@/api/calls'
import { api } from '@/api/client'
import type { Call, CallStatus, NamedRef } from '@/api/types'

export interface DetailLeg {
  id: string
  role: 'customer' | 'agent' | 'supervisor' | 'external'
  status: CallStatus
  agent?: NamedRef | null
  address?: string | null
  started_at: string
  answered_at?: string | null
  ended_at?: string | null
  duration_seconds?: number | null
  error?: { code: number; explanation: string } | null
}

export interface DetailEvent {
  id: string
  at: string
  /** Who said it: the carrier, a person, or a rule of ours. */
  source: string
  type: string
  text?: string | null
  payload?: unknown
}

export interface DetailRecording {
  id: string
  status: string
  channels: number
  seconds?: number | null
  started_at?: string | null
}

export interface DetailNote {
  id: string
  author?: NamedRef | null
  text: string
  at: string
}

export interface CallDetails extends Call {
  legs: (DetailLeg & { agent?: NamedRef | null })[]
  events: DetailEvent[]
  recordings: DetailRecording[]
  notes: DetailNote[]
  ended_by?: string | null
}

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: callKeys.one(id),
    queryFn: ({ signal }) => api.get<CallDetails>(`/calls/${id}`, undefined, signal),
  })
