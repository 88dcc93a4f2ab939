//! Phone numbers in and out: national form at home, international abroad, any pasted form understood.
import {
  AsYouType,
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'

const WITHHELD =
  /^(anonymous|restricted|unavailable|unknown|withheld|private|\+?266696687|\+?86282452253|\+?464)$/i

export interface Dialable {
  /** As the carrier is given it. */
  e164: string
  /** As a person reads it, always with the country's code, since this is what will be dialled. */
  shown: string
  country?: string
}

function home(country: string | undefined): CountryCode {
  return country && isSupportedCountry(country) ? country : 'US'
}

/** A number for people: national at home, with its country's code when foreign, words when withheld. */
export function phoneNumber(raw: string | null | undefined, country?: string): string {
  if (!raw) return 'Unknown number'
  const text = raw.replace(/^client:.*/, 'Agent')
  if (WITHHELD.test(text.trim())) return 'Number withheld'
  const parsed = parsePhoneNumberFromString(text, home(country))
  if (!parsed) return text
  return parsed.country === home(country) ? parsed.formatNational() : parsed.formatInternational()
}

/** What a person typed or pasted, as it will be dialled; null while it is not a whole number yet. */
export function dialable(input: string, country?: string): Dialable | null {
  const text = unwrap(input)
  if (!/\d/.test(text)) return null
  const parsed = parsePhoneNumberFromString(text, home(country)) ?? parsePhoneNumberFromString(`+${text}`)
  if (!parsed?.isPossible()) return null
  return { e164: parsed.number, shown: parsed.formatInternational(), country: parsed.country }
}

/** Three digits are an emergency number in every country we serve: never rewritten, never completed. */
export function isShort(input: string): boolean {
  return /^\d{3,6}$/.test(unwrap(input).replace(/[\s().-]/g, ''))
}

/** `tel:` links, labels and invisible characters that come along with a paste. */
export function unwrap(input: string): string {
  return input
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060\u00a0\ufeff]/g, ' ')
    .trim()
    .replace(/^(tel|sip|callto):/i, '')
    .replace(/@.*$/, '')
    .trim()
}

/** True when the text looks like a number rather than the beginning of a name. */
export function looksLikeNumber(input: string): boolean {
  const text = unwrap(input)
  return text === '' || (/^[+\d(*#]/.test(text) && !/\p{L}{2}/u.test(text))
}

/** Groups digits while somebody types; leaves anything else as it is. */
export function asTyped(input: string, country?: string): string {
  if (!/^\+?[\d\s().-]+$/.test(input) || /[*#]/.test(input)) return input
  return new AsYouType(home(country)).input(input)
}
