//! Screens follow by themselves: nothing is asked for while a call goes on, and what others change appears without a reload.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Agent, launch, people, signIn } from './browser'
import { behave, pulsed } from './phones'
import { Server } from './server'

const [ana = '', ben = ''] = people('agent')
const CUSTOMER = '+14155550185'

let browser: Browser
let agent: Agent

beforeAll(async () => {
  browser = await launch()
  agent = await signIn(browser, ana)
})
afterAll(async () => {
  expect(agent.errors).toEqual([])
  await browser.close()
})

it('a call out is followed from dialling to its end by what the stream tells alone', async () => {
  await agent.goAvailable()
  await behave(CUSTOMER, pulsed(600))
  const asked: string[] = []
  agent.page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    if (request.method() === 'GET' && /\/calls\/call_\w+$/.test(path)) asked.push(path)
  })
  await agent.phone.getByRole('textbox', { name: 'Phone number' }).fill(CUSTOMER)
  await agent.button('Call').click()
  await agent.shows(/Dialling/)
  await agent.shows('Ringing', 20_000)
  await agent.shows('Talking', 20_000)
  await agent.phone.getByText('REC', { exact: true }).waitFor()
  await agent.button('Hold').click()
  await agent.phone.getByText('REC paused').waitFor()
  await agent.button('Resume').click()
  await agent.phone.getByText('REC', { exact: true }).waitFor()
  await agent.button('End call').click()
  await agent.shows('You ended the call')
  await agent.phone.getByRole('button', { name: 'Save' }).click()
  expect(asked).toEqual([])
})

it('a contact that somebody else adds, renames and removes is seen at once', async () => {
  await agent.page.getByRole('link', { name: 'Contacts' }).click()
  const other = await Server.as(ben)
  const made = await other.send<{ id: string }>('POST', '/contacts', {
    name: 'Zoë Quick',
    phones: [{ number: '+14155550186' }],
  })
  await agent.page.getByText('Zoë Quick').first().waitFor({ timeout: 5_000 })
  await other.send('PATCH', `/contacts/${made.id}`, { name: 'Zoë Slow' })
  await agent.page.getByText('Zoë Slow').first().waitFor({ timeout: 5_000 })
  const supervisor = await Server.as(people('supervisor')[0] ?? '')
  await supervisor.send('DELETE', `/contacts/${made.id}`)
  await agent.page.getByText('Zoë Slow').first().waitFor({ state: 'detached', timeout: 5_000 })
})
