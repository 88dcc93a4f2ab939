//! Which of the sandbox's numbers are phones that a person may pick up, and which are worth dialling.
import type { Account } from './control'

export interface NamedNumber {
  number: string
  owner: string
}

/** A number without a voice URL is a phone: nobody but a person or a script answers it. */
export function phonesOf(accounts: Account[]): NamedNumber[] {
  return pick(accounts, (asks) => !asks)
}

/** A number with a voice URL is answered by software: that is whom one wants to call. */
export function doorsOf(accounts: Account[]): NamedNumber[] {
  return pick(accounts, (asks) => asks)
}

function pick(accounts: Account[], wanted: (asksByWebhook: boolean) => boolean): NamedNumber[] {
  const found = accounts.flatMap((account) =>
    account.numbers
      .filter((number) => wanted(Boolean(number.voice_url || number.voice_application_sid)))
      .map((number) => ({ number: number.number, owner: account.friendly_name })),
  )
  return found.sort((a, b) => a.number.localeCompare(b.number))
}

/** `+14155550101`, or nothing while it is not a whole number yet. */
export function e164(text: string): string | null {
  const digits = text.replace(/[^\d+]/g, '')
  const plain = digits.replace(/(?!^)\+/g, '')
  if (/^\+\d{7,15}$/.test(plain)) return plain
  if (/^\d{10}$/.test(plain)) return `+1${plain}`
  if (/^1\d{10}$/.test(plain)) return `+${plain}`
  return null
}
