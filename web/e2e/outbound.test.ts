//! An agent's click reaches a phone: answered, busy, not answered; each said in words.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AGENT_HERTZ, type Agent, launch, people, signIn } from './browser'
import { behave, pulsed } from './phones'
import { Server } from './server'
import { readWav, strength } from './sound'

const [ana = ''] = people('agent')
const CUSTOMER_HERTZ = 600

let browser: Browser
let agent: Agent

beforeAll(async () => {
  browser = await launch()
  agent = await signIn(browser, ana)
  await agent.goAvailable()
})
afterAll(async () => {
  expect(agent.errors).toEqual([])
  await browser.close()
})

async function call(number: string): Promise<void> {
  await agent.phone.getByRole('textbox', { name: 'Phone number' }).fill(number)
  await agent.button('Call').click()
}

it('an answered call is talked, keys are pressed, and both sides are on the recording', async () => {
  await behave('+14155550181', pulsed(CUSTOMER_HERTZ))
  await call('(415) 555-0181')
  await agent.shows(/Dialling|Ringing/)
  await agent.shows('Talking', 20_000)
  await agent.hearsPitch(CUSTOMER_HERTZ)
  await agent.button('Keypad').click()
  await agent.button('5').click()
  await agent.phone.getByLabel('Keys pressed').getByText('5').waitFor()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  await agent.button('End call').click()
  await agent.phone.getByRole('button', { name: 'Save' }).click()

  const server = await Server.as(ana)
  const row = await server.lastCall()
  expect(row).toMatchObject({ direction: 'outbound', status: 'completed' })
  const sound = readWav(await server.recording(row.id))
  const [customer, agentSide] = sound.channels as [Float64Array, Float64Array]
  expect(strength(customer, sound.rate, CUSTOMER_HERTZ)).toBeGreaterThan(0.02)
  expect(strength(agentSide, sound.rate, AGENT_HERTZ)).toBeGreaterThan(0.02)
})

it('a direct call of another program joins the open page, becomes a room by a hold, and is one recording', async () => {
  await behave('+14155550184', pulsed(CUSTOMER_HERTZ))
  const server = await Server.as(ana)
  const { id } = await server.send<{ id: string }>('POST', '/calls', { to: '+14155550184', mode: 'direct' })
  await agent.shows('Ringing', 20_000)
  await agent.shows('Talking', 20_000)
  await agent.hearsPitch(CUSTOMER_HERTZ)
  await agent.button('Hold').click()
  await agent.shows('On hold')
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await agent.button('Resume').click()
  await agent.shows('Talking')
  await agent.hearsPitch(CUSTOMER_HERTZ)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await agent.button('End call').click()
  await agent.phone.getByRole('button', { name: 'Save' }).click()

  const row = await server.lastCall()
  expect(row).toMatchObject({ id, direction: 'outbound', status: 'completed', ended_by: 'agent' })
  const whole = await server.get<{ recordings: unknown[] }>(`/calls/${id}`)
  expect(whole.recordings).toHaveLength(1)
  const sound = readWav(await server.recording(id))
  const [customer, agentSide] = sound.channels as [Float64Array, Float64Array]
  expect(strength(customer, sound.rate, CUSTOMER_HERTZ)).toBeGreaterThan(0.02)
  expect(strength(agentSide, sound.rate, AGENT_HERTZ)).toBeGreaterThan(0.02)
})

it('a busy line says so', async () => {
  await behave('+14155550182', { kind: 'busy' })
  await call('415-555-0182')
  await agent.shows('The line was busy', 20_000)
  await agent.phone.getByRole('button', { name: 'Dismiss' }).click()
})

it('a phone that nobody answers says so once the agent gives up', async () => {
  await behave('+14155550183', { kind: 'no_answer' })
  await call('+1 415 555 0183')
  await agent.shows('Ringing', 20_000)
  await agent.button('End call').click()
  await agent.shows('You ended the call before it was answered', 20_000)
})

it('a number that cannot be dialled is refused in words, before any call', async () => {
  await call('+1 900 555 0100')
  await agent.phone.getByText(/not allowed|premium|refused/i).waitFor()
  expect(await agent.button('End call').count()).toBe(0)
})
