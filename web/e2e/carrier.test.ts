//! Settings, carrier, and the doctor: what is broken behind our back is seen, said and put right by a click.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { type Agent, launch, people, signIn } from './browser'
import { carrier, freshAccount, numbersAtTheCarrier } from './carrier'
import { eventually } from './eventually'
import { behave, dial, isOver, pulsed } from './phones'
import { Server } from './server'
import { look, shoot } from './shots'

const [admin = ''] = people('admin')
const ROTATES_WITHIN_MS = 200_000

let browser: Browser
let agent: Agent
let page: Page

beforeAll(async () => {
  browser = await launch()
  agent = await signIn(browser, admin)
  page = agent.page
})
afterEach(() => expect(agent.errors).toEqual([]))
afterAll(() => browser.close())

async function open(path: string): Promise<void> {
  await page.goto(inject('demo').app + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

const panel = (name: string): Locator => page.getByRole('region', { name, exact: true })

it('the account in use is shown, and its test is green', async () => {
  await open('/settings/carrier')
  await panel('Carrier accounts').getByText('In use').waitFor()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await panel('Carrier accounts').getByText('The connection works').waitFor({ timeout: 20_000 })
  await panel('Set-up at the carrier')
    .getByText(/Everything is as it should be/)
    .waitFor({ timeout: 20_000 })
  await look(page, 'carrier')
})

it('wrong credentials are refused with the reason, and nothing is saved', async () => {
  const fresh = await freshAccount()
  await open('/settings/carrier')
  await page.getByRole('button', { name: /^Edit / }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Auth token', { exact: true }).fill(fresh.auth_token)
  await dialog.getByRole('button', { name: 'Verify and save' }).click()
  await dialog.getByText('Nothing was saved').waitFor({ timeout: 20_000 })
  await shoot(page, 'carrier-refused')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await panel('Carrier accounts').getByText('The connection works').waitFor({ timeout: 20_000 })
})

it('an address that somebody changed at the carrier is marked on the number and repaired by a click', async () => {
  const { number } = inject('demo').organization
  const held = (await numbersAtTheCarrier()).find((each) => each.phone_number === number)
  await carrier('POST', `{me}/IncomingPhoneNumbers/${held?.sid}.json`, {
    VoiceUrl: 'https://elsewhere.example.com/',
  })
  await open('/numbers')
  const row = page.locator('a[data-row]').filter({ hasText: 'Differs at the carrier' })
  await row.waitFor({ timeout: 20_000 })
  await row.click()
  await shoot(page, 'number-drifts')
  await page.getByRole('button', { name: 'Repair' }).click()
  await row.waitFor({ state: 'detached', timeout: 20_000 })
  const now = (await numbersAtTheCarrier()).find((each) => each.phone_number === number)
  expect(now?.voice_url).toBe(held?.voice_url)
})

it('a TwiML App that was deleted is found by the doctor and made again by a click', async () => {
  const { applications } = await carrier<{ applications: { sid: string }[] }>('GET', '{me}/Applications.json')
  for (const app of applications) await carrier('DELETE', `{me}/Applications/${app.sid}.json`)
  await open('/doctor')
  await page.getByRole('button', { name: 'Run again' }).click()
  const repair = page.getByRole('button', { name: /^Repair: .*TwiML App/ })
  await repair.waitFor({ timeout: 40_000 })
  await look(page, 'doctor-broken')
  await repair.click()
  await repair.waitFor({ state: 'detached', timeout: 40_000 })
  const after = await carrier<{ applications: unknown[] }>('GET', '{me}/Applications.json')
  expect(after.applications.length).toBe(1)
})

it('the doctor looks at this browser too, sends a callback round and ticks the checklists', async () => {
  await open('/doctor')
  await panel('This browser').getByText('Connected.').waitFor({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Send a callback' }).click()
  await page.getByText(/its signature fits/).waitFor({ timeout: 30_000 })
  const lists = panel('Set-up checklists')
  expect(await lists.getByRole('progressbar').count()).toBe(5)
  await lists.locator('summary').first().click()
  await lists.getByLabel('Done', { exact: true }).first().waitFor()
  await look(page, 'doctor')
})

it('a test call from the doctor’s page is a real call of this browser', async () => {
  const phone = '+14155550168'
  await behave(phone, pulsed(600))
  await open('/doctor')
  await agent.ready()
  await page.getByRole('textbox', { name: 'Phone to call' }).fill('(415) 555-0168')
  await page.getByRole('button', { name: 'Make a test call' }).click()
  await agent.shows('Talking', 30_000)
  await agent.hearsPitch(600)
  await agent.button('End call').click()
  await agent.phone.getByRole('button', { name: /^(Save|Dismiss)$/ }).click()
  const server = await Server.as(admin)
  expect(await server.lastCall()).toMatchObject({ direction: 'outbound', status: 'completed' })
})

it(
  'the auth token is changed step by step, and a call comes in afterwards',
  async () => {
    await open('/settings/carrier')
    await page.getByRole('button', { name: 'Rotate' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
    const steps = page.getByRole('list', { name: 'Steps of the rotation' })
    await steps.waitFor()
    await shoot(page, 'rotation-begins')
    await eventually(
      'every step is done',
      async () => (await steps.getByLabel('Done', { exact: true }).count()) === 5,
      ROTATES_WITHIN_MS,
    )
    await look(page, 'rotation-done')
    await page.getByRole('button', { name: 'Test connection' }).click()
    await panel('Carrier accounts').getByText('The connection works').waitFor({ timeout: 20_000 })

    await agent.goAvailable()
    const call = await dial('+14155550169', pulsed(700))
    await agent.incoming.waitFor({ timeout: 20_000 })
    await agent.accept()
    await agent.shows('Talking')
    await agent.button('End call').click()
    await isOver(call.sid)
    await agent.phone.getByRole('button', { name: 'Save' }).click()
  },
  ROTATES_WITHIN_MS + 60_000,
)
