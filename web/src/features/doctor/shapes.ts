//! The doctor's report as the API tells it.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type State = Schemas['DoctorState']
export type ErrorCode = Schemas['ExplainedCode']
export type Check = Schemas['DoctorCheck']
export type Checklist = Schemas['Checklist']
export type Report = Schemas['DoctorReport']
export type RoundTrip = Schemas['CallbackRoundTrip']
