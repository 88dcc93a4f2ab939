//! The first run: from an empty server and an empty account at the carrier to a call in the browser, in a few minutes, reloads included.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { Agent, keepPeers, launch } from './browser'
import { freshAccount } from './carrier'
import { control, isOver, pulsed, type Truth } from './phones'
import { type NewServer, newServer } from './serving'
import { look } from './shots'

const WITHIN_MS = 180_000

let browser: Browser
let server: NewServer
let page: Page

beforeAll(async () => {
  browser = await launch()
  server = await newServer()
})
afterAll(async () => {
  await browser.close()
  await server.end()
})

async function reload(): Promise<void> {
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor()
}

it(
  'credentials, number, test call, done',
  async () => {
    const account = await freshAccount()
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['microphone'],
    })
    await context.addInitScript(keepPeers)
    page = await context.newPage()
    const agent = new Agent(page, 'Noor')
    await page.goto(server.link)
    const begun = Date.now()
    await page.getByRole('textbox', { name: 'Organization' }).fill('Fresh Ltd')
    await page.getByRole('combobox', { name: 'Country' }).selectOption('US')
    await page.getByRole('textbox', { name: 'Your name' }).fill('Noor Haddad')
    await page.getByRole('textbox', { name: 'E-mail' }).fill('noor@example.com')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Create organization' }).click()

    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor({ timeout: 20_000 })
    await look(page, 'start-carrier')
    await page.getByRole('textbox', { name: 'Account SID' }).fill(account.account_sid)
    await page.getByLabel('Auth token', { exact: true }).fill('0'.repeat(32))
    await page.getByRole('button', { name: 'API key, TwiML App, API address' }).click()
    await page.getByRole('textbox', { name: 'API address' }).fill(inject('demo').sandbox)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('Nothing was saved').waitFor({ timeout: 20_000 })
    await look(page, 'start-refused')
    await page.getByLabel('Auth token', { exact: true }).fill(account.auth_token)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()

    await page.getByText('Your Twilio account is connected').waitFor({ timeout: 30_000 })
    await reload()
    await page.getByText('Your Twilio account is connected').waitFor()
    const buy = page.getByRole('button', { name: /^Buy \(/ }).first()
    await buy.waitFor({ timeout: 30_000 })
    await look(page, 'start-number')
    await buy.click()
    await page.getByRole('button', { name: /^Buy for/ }).click()
    await page.getByRole('button', { name: 'Continue' }).click({ timeout: 30_000 })

    await page.getByText('You have a phone number').waitFor({ timeout: 20_000 })
    await reload()
    await page.getByRole('button', { name: 'Let calls reach me' }).waitFor({ timeout: 20_000 })
    await look(page, 'start-call')
    await agent.ready()
    await page.getByRole('button', { name: 'Let calls reach me' }).click()
    await page.getByText(/^Call this number from any phone/).waitFor()
    const shown = (await page.locator('strong.num').first().textContent()) ?? ''
    const number = `+1${shown.replace(/\D/g, '')}`
    const call = await control<Truth>('POST', `/phones/${encodeURIComponent('+14155550151')}/dial`, {
      to: number,
      behaviour: pulsed(700),
    })
    await agent.incoming.waitFor({ timeout: 20_000 })
    await agent.accept()
    await agent.shows('Talking')
    await agent.hearsPitch(700)
    await agent.button('End call').click()
    await isOver(call.sid)
    await page.getByRole('heading', { name: 'You can take calls now' }).waitFor({ timeout: 20_000 })
    expect(Date.now() - begun, 'in under three minutes').toBeLessThan(WITHIN_MS)
    await look(page, 'start-done')
    await agent.phone.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Go to calls' }).click()
    await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
    expect(await page.getByText('Go on with the set-up').count()).toBe(0)
    expect(agent.errors).toEqual([])
  },
  WITHIN_MS + 60_000,
)
