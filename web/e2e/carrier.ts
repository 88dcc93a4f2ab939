//! The account at the carrier as its owner sees it in the carrier's console: by REST, behind Offhook's back.
import { inject } from 'vitest'
import { control } from './phones'

export interface Credentials {
  account_sid: string
  auth_token: string
}

/** The token as it is now: a rotation changes it. */
async function tokenOf(sid: string): Promise<string | undefined> {
  const { accounts } = await control<{ accounts: { sid: string; auth_token: string }[] }>('GET', '/accounts')
  return accounts.find((each) => each.sid === sid)?.auth_token
}

type Form = Record<string, string>

/** A request to the REST API of the demo's account, or of another one. */
export async function carrier<T>(
  method: string,
  path: string,
  form?: Form,
  account: Credentials = inject('demo').organization,
): Promise<T> {
  const { account_sid } = account
  const auth_token = (await tokenOf(account_sid)) ?? account.auth_token
  const answer = await fetch(
    `${inject('demo').sandbox}/2010-04-01/Accounts${path.replace('{me}', `/${account_sid}`)}`,
    {
      method,
      headers: { Authorization: `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString('base64')}` },
      body: form && new URLSearchParams(form),
    },
  )
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export interface HeldNumber {
  sid: string
  phone_number: string
  friendly_name: string
  voice_url: string
}

/** A number that the account buys without Offhook knowing. */
export async function buyAtTheCarrier(form: Form, account?: Credentials): Promise<HeldNumber> {
  const { available_phone_numbers } = await carrier<{ available_phone_numbers: { phone_number: string }[] }>(
    'GET',
    '{me}/AvailablePhoneNumbers/US/Local.json?PageSize=1',
    undefined,
    account,
  )
  const PhoneNumber = available_phone_numbers[0]?.phone_number ?? ''
  return carrier('POST', '{me}/IncomingPhoneNumbers.json', { PhoneNumber, ...form }, account)
}

export async function numbersAtTheCarrier(): Promise<HeldNumber[]> {
  const { incoming_phone_numbers } = await carrier<{ incoming_phone_numbers: HeldNumber[] }>(
    'GET',
    '{me}/IncomingPhoneNumbers.json?PageSize=100',
  )
  return incoming_phone_numbers
}

/** An account with nothing in it. */
export async function freshAccount(): Promise<Credentials> {
  const made = await carrier<{ sid: string; auth_token: string }>('POST', '.json', { FriendlyName: 'Fresh' })
  return { account_sid: made.sid, auth_token: made.auth_token }
}
