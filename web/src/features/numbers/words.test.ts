import { describe, expect, it } from 'vitest'
import type { Papers } from './shapes'
import { capabilityWords, emergencyWords, fitting, monthlyWords, names } from './words'

describe('what a number can do and costs', () => {
  it('is said in the words of people', () => {
    expect(capabilityWords({ voice: true, sms: true, mms: false })).toEqual(['Calls', 'SMS'])
    expect(capabilityWords(null)).toEqual([])
    expect(monthlyWords({ amount: '1.15', currency: 'USD' })).toMatch(/1\.15 a month$/)
    expect(monthlyWords(null)).toBe('Price not known')
  })
  it('an emergency address is good only once it is registered', () => {
    const words = (emergency_status: string | null, emergency_address = false) =>
      emergencyWords({ emergency_status, emergency_address }).tone
    expect(words('registered')).toBe('good')
    expect(words('pending-registration')).toBe('open')
    expect(words('registration-failure', true)).toBe('poor')
    expect(words(null, true)).toBe('good')
    expect(words('unregistered')).toBe('open')
  })
})

describe('the papers of a purchase', () => {
  const papers: Papers = {
    needs_bundle: true,
    needs_address: true,
    bundles: [
      { sid: 'BU1', name: 'Old', status: 'twilio-rejected', fits: false, why_not: 'rejected' },
      { sid: 'BU2', name: 'Ours', status: 'twilio-approved', fits: true },
      { sid: 'BU3', name: 'Other', status: 'twilio-approved', fits: true },
    ],
    addresses: [{ sid: 'AD1', name: 'Office', line: '1 High Street', fits: true }],
    ready: true,
    address_rule: 'local',
    sentence: '',
  }
  it('are the first that fit, until somebody chooses', () => {
    expect(fitting(papers, { bundle: null, address: null })).toEqual({ bundle: 'BU2', address: 'AD1' })
    expect(fitting(papers, { bundle: 'BU3', address: null })).toEqual({ bundle: 'BU3', address: 'AD1' })
  })
  it('are never ones that do not fit, and none where none are needed', () => {
    expect(fitting(papers, { bundle: 'BU1', address: null }).bundle).toBe('BU2')
    expect(fitting({ ...papers, needs_bundle: false }, { bundle: 'BU2', address: null }).bundle).toBeNull()
  })
})

describe('who gives a number away types its name', () => {
  const number = { number: '+14155550100', label: 'Support line' }
  it('as it is shown, in any format, or by its label', () => {
    for (const typed of ['(415) 555-0100', '+1 415 555 0100', ' Support line ', '+14155550100'])
      expect(names(typed, number, '(415) 555-0100'), typed).toBe(true)
  })
  it('and nothing else', () => {
    for (const typed of ['', '4155550100', 'support', '+14155550101', 'Support line +14155550100'])
      expect(names(typed, number, '(415) 555-0100'), typed).toBe(false)
    expect(names('', { number: '+14155550100', label: '' }, '')).toBe(false)
  })
})
