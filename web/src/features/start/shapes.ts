//! How far a new organization is, as the API tells it.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type StepId = 'carrier' | 'number' | 'test_call' | 'done'
export type SetupProgress = Schemas['SetupProgress']
