//! The sandbox's console: a person picks up a phone, calls and is called, and watches the webhooks go by.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type Agent, launch, people, signIn } from './browser'

const [, ben = ''] = people('agent')

let browser: Browser
let agent: Agent
let page: Page

beforeAll(async () => {
  browser = await launch()
  agent = await signIn(browser, ben)
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['microphone'],
  })
  page = await context.newPage()
  await page.goto(inject('demo').sandbox)
})
afterAll(() => browser.close())

it('a scripted caller reaches an agent, presses a key and hangs up; the webhooks show what was answered', async () => {
  const phone = page.getByRole('region', { name: 'Phone' })
  await agent.goAvailable()
  await phone.getByLabel('Who speaks').selectOption('Dana Whitfield')
  await phone.getByRole('textbox', { name: 'Number to call' }).fill(inject('demo').organization.number)
  await phone.getByRole('button', { name: 'Call', exact: true }).click()
  await agent.incoming.waitFor({ timeout: 20_000 })
  await agent.accept()
  await agent.shows('Talking')
  await phone.getByText('Talking', { exact: true }).waitFor()
  await phone.getByRole('button', { name: '5' }).click()
  await phone.getByLabel('Keys pressed').getByText('5').waitFor()
  await phone.getByRole('button', { name: 'Hang up' }).click()
  await agent.shows(/hung up|ended/)
  await agent.phone.getByRole('button', { name: 'Save' }).click()

  const webhooks = page.getByRole('region', { name: 'Webhooks' })
  await webhooks.getByRole('button').filter({ hasText: '/webhooks/twilio/voice' }).last().click()
  await webhooks.getByRole('region', { name: 'TwiML' }).getByText('Response').first().waitFor()
  await webhooks.getByText('X-Twilio-Signature').waitFor()
})

it('a phone in the hand rings on the page, is declined, and answers by itself once it is put down', async () => {
  const phone = page.getByRole('region', { name: 'Phone' })
  const here = phone.getByRole('switch', { name: 'Ring here when it is called' })
  await here.click()
  await phone.getByText('In your hand').waitFor({ timeout: 15_000 })
  const number = await phone.getByLabel('Your phone').inputValue()
  const call = async () => {
    await agent.phone.getByRole('textbox', { name: 'Phone number' }).fill(number)
    await agent.button('Call').click()
  }
  await call()
  await phone.getByRole('button', { name: 'Decline' }).click({ timeout: 20_000 })
  await agent.shows(/busy/)
  await here.click()
  await phone.getByText('Answers by itself when called').waitFor()
  await call()
  await agent.shows('Talking', 25_000)
  await agent.button('End call').click()
  await agent.phone.getByRole('button', { name: 'Save' }).click()
  await agent.page.getByRole('button', { name: 'Go away' }).click()
  await agent.page.getByRole('button', { name: 'Go available' }).waitFor()
  expect(agent.errors).toEqual([])
})
