//! Numbers, papers, orders and caller IDs as the API tells them.
import type { components } from '@/api/generated'

type Schemas = components['schemas']

export type Capabilities = Schemas['CapabilitiesView']
/** Where a call goes, as the server puts it: one sentence, and the stops of a small picture. */
export type Way = Schemas['WayView']
export type OurNumber = Schemas['NumberView']
export type Country = Schemas['CountryView']
export type Available = Schemas['OfferedView']
export type Papers = Schemas['PapersView']
export type Paper = Pick<Schemas['BundleView'], 'sid' | 'name' | 'fits' | 'why_not'>
export type Search = Schemas['AvailableView']
export type Order = Schemas['OrderView']
export type Importable = Schemas['ImportableView']
export type ImportAnswer = Schemas['Imported']
export type CallerId = Schemas['CallerIdView']
export type Validation = Schemas['ValidationView']
