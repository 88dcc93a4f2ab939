//! Words for what a number can do, costs and lacks.
import type { Money } from '@/api/types'
import { money } from '@/lib/format'
import type { Capabilities, OurNumber, Papers } from './shapes'

const TYPES: Record<string, string> = {
  local: 'Local',
  mobile: 'Mobile',
  toll_free: 'Toll-free',
  national: 'National',
}

export function typeWords(type: string): string {
  return TYPES[type] ?? type
}

/** What a number can do, in the order people ask for it. */
export function capabilityWords(can: Capabilities | null | undefined): string[] {
  if (!can) return []
  return [can.voice && 'Calls', can.sms && 'SMS', can.mms && 'MMS'].filter((word) => word !== false)
}

export function monthlyWords(monthly: Money | null | undefined): string {
  return monthly ? `${money(monthly)} a month` : 'Price not known'
}

export interface Emergency {
  tone: 'good' | 'poor' | 'open'
  words: string
}

/** Whether an emergency call with this number tells the services where the caller is. */
export function emergencyWords(number: Pick<OurNumber, 'emergency_status' | 'emergency_address'>): Emergency {
  switch (number.emergency_status) {
    case 'registered':
      return { tone: 'good', words: 'Emergency address registered' }
    case 'pending-registration':
      return { tone: 'open', words: 'Emergency address being registered' }
    case 'registration-failure':
      return { tone: 'poor', words: 'Emergency address refused by the carrier' }
    case 'pending-unregistration':
    case 'unregistration-failure':
      return { tone: 'poor', words: 'Emergency address being taken away' }
  }
  if (number.emergency_address) return { tone: 'good', words: 'Emergency address registered' }
  return { tone: 'open', words: 'No emergency address' }
}

/** The papers that a purchase is made with: chosen by the person, or the only ones that fit. */
export interface Chosen {
  bundle: string | null
  address: string | null
}

export function fitting(papers: Papers, wanted: Chosen): Chosen {
  const pick = (needed: boolean, those: { sid: string; fits: boolean }[], sid: string | null) => {
    if (!needed) return null
    const fits = those.filter((paper) => paper.fits)
    return (fits.find((paper) => paper.sid === sid) ?? fits[0])?.sid ?? null
  }
  return {
    bundle: pick(papers.needs_bundle, papers.bundles, wanted.bundle),
    address: pick(papers.needs_address, papers.addresses, wanted.address),
  }
}

/** Whether what was typed names the number that is to go: its label, or its digits in any format. */
export function names(
  typed: string,
  number: { number: string; label?: string | null },
  shown: string,
): boolean {
  const text = typed.trim()
  if (text === '') return false
  if (text === number.label?.trim() || text === shown) return true
  const digits = text.replace(/\D/g, '')
  return /^[+\d\s().-]+$/.test(text) && digits !== '' && `+${digits}` === number.number
}
