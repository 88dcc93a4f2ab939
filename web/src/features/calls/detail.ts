//! One call as its page reads it: the row of the list, and everything that hangs below it.
import { queryOptions } from '@tanstack/react-query'
import { callKeys } from '@/api/calls'
import { api } from '@/api/client'
import type { components } from '@/api/generated'
import type { Call, Leg } from '@/api/types'

type Schemas = components['schemas']

export type DetailLeg = Leg
export type DetailEvent = Schemas['CallEventView']
export type DetailRecording = Schemas['RecordingView']
export type DetailNote = Schemas['NoteView']

export type CallDetails = Call & {
  legs: DetailLeg[]
  events: DetailEvent[]
  recordings: DetailRecording[]
  notes: DetailNote[]
}

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: callKeys.one(id),
    queryFn: ({ signal }) => api.get<CallDetails>(`/calls/${id}`, undefined, signal),
  })
