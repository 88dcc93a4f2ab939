//! A queue as the API tells it.
import type { components } from '@/api/generated'

export type Queue = components['schemas']['QueueView']
export type Waiting = components['schemas']['WaitingView']
