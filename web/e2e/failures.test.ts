//! What the older softphones failed at: calls missed on other pages, calls lost by navigation, keys that are only drawn, a silent microphone.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Agent, launch, people, signIn } from './browser'
import { eventually } from './eventually'
import { control, dial, hangUp, isOver, pulsed, type Truth, truth } from './phones'

const CALLER = '+14155550191'
const CALLER_HERTZ = 700
const PAGES = ['/calls', '/voicemail', '/contacts', '/queue', '/team', '/numbers', '/users', '/settings']
const [admin = ''] = people('admin')

let browser: Browser
let agents: Agent[] = []

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const agent of agents) {
    expect(agent.errors).toEqual([])
    await agent.close()
  }
  agents = []
})

async function agent(options?: Parameters<typeof signIn>[2]): Promise<Agent> {
  const one = await signIn(browser, admin, options)
  agents.push(one)
  return one
}

/** Goes to a page as a person does, by its link. */
async function visit(one: Agent, path: string): Promise<void> {
  await one.page.locator(`nav a[href="${path}"]`).first().click()
  await one.page.waitForURL(`**${path}*`)
  await one.page.getByRole('heading', { level: 1 }).waitFor()
}

async function talk(one: Agent): Promise<Truth> {
  await one.goAvailable()
  const call = await dial(CALLER, pulsed(CALLER_HERTZ))
  await one.incoming.waitFor()
  await one.accept()
  await one.shows('Talking')
  await one.hearsPitch(CALLER_HERTZ)
  return call
}

async function end(one: Agent, call: Truth): Promise<void> {
  await one.button('End call').click()
  await isOver(call.sid)
  await one.phone.getByRole('button', { name: 'Save' }).click()
  await one.page.getByText('Available', { exact: true }).waitFor()
}

/** The keys that a leg's account of itself tells, in the order they came. */
function keys(leg: Truth, kind: 'hears' | 'says'): string {
  const events = leg.events as { kind: string; what: string }[]
  return events
    .filter((event) => event.kind === kind)
    .map((event) => /^\(keys (.+)\)$/.exec(event.what)?.[1] ?? '')
    .join('')
}

it('T-incoming-any-page: a caller is seen and can be taken on every page', async () => {
  const one = await agent()
  await one.goAvailable()
  for (const path of PAGES) {
    await visit(one, path)
    await dial(CALLER)
    await one.incoming.waitFor({ timeout: 5_000 })
    expect(await one.incoming.getByRole('button', { name: 'Accept' }).isEnabled(), path).toBe(true)
    await hangUp(CALLER)
    await one.incoming.waitFor({ state: 'detached', timeout: 5_000 })
  }
})

it('T-navigation: a call goes on through every page', async () => {
  const one = await agent()
  const call = await talk(one)
  const peers = () => one.page.evaluate(() => (window as unknown as { peers: unknown[] }).peers.length)
  const before = await peers()
  for (const path of PAGES) {
    await visit(one, path)
    await one.shows('Talking', 2_000)
    expect((await truth(call.sid)).status, path).toBe('in-progress')
  }
  await one.hearsPitch(CALLER_HERTZ)
  expect(await peers(), 'it is the same connection all the time').toBe(before)
  await end(one, call)
})

it('T-dtmf: keys of the agent reach the customer’s phone, and keys of the customer reach the agent', async () => {
  const one = await agent()
  const call = await talk(one)
  await one.button('Keypad').click()
  for (const key of ['4', '2', '#']) await one.button(key).click()
  await eventually('the phone hears the keys', async () => keys(await truth(call.sid), 'hears') === '42#')
  await control('POST', `/phones/${encodeURIComponent(CALLER)}/press`, { digits: '7*' })
  await eventually('the phone says its keys', async () => keys(await truth(call.sid), 'says') === '7*')
  const { calls } = await control<{ calls: Truth[] }>('GET', '/calls')
  const device = calls.find((leg) => String(leg.from).startsWith('client:') && leg.status === 'in-progress')
  if (!device) throw new Error('the agent’s device has no leg')
  await eventually('the device hears them', async () => keys(await truth(device.sid), 'hears') === '7*')
  await end(one, call)
})

it('T-mic-denied: a blocked microphone is named with its cure, and the phone works once it is allowed', async () => {
  // Whatever is not granted to a context is refused to it.
  const one = await agent({ permissions: ['notifications'] })
  const notice = one.phone.getByRole('alert')
  await notice.getByText('The microphone is blocked').waitFor({ timeout: 20_000 })
  await notice.getByText('allow the microphone for this page').waitFor()
  await one.phone.getByRole('textbox', { name: 'Phone number' }).fill('(415) 555-0181')
  const call = one.button('Call')
  expect(await call.isDisabled(), 'nobody is called who could not be spoken to').toBe(true)
  expect(await call.getAttribute('title')).toMatch(/not ready/)
  const cure = notice.getByRole('button', { name: 'Allow microphone' })
  await cure.click()
  await eventually('it has looked again', () => cure.isEnabled())
  await notice.getByText('The microphone is blocked').waitFor()

  await one.page.context().grantPermissions(['microphone', 'notifications'])
  if (await notice.isVisible()) await cure.click({ timeout: 2_000 }).catch(() => {})
  await one.ready()
  await notice.waitFor({ state: 'detached' })
  expect(await call.isEnabled()).toBe(true)
})
