//! The main job: a caller reaches an agent's browser, is heard and hears, through hold, reload and the end.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { AGENT_HERTZ, type Agent, launch, people, signIn } from './browser'
import { eventually } from './eventually'
import { dial, hangUp, isOver, pulsed, truth } from './phones'
import { Server } from './server'
import { readWav, strength } from './sound'

const CALLER = '+14155550171'
const CALLER_HERTZ = 700
const [ana = '', ben = ''] = people('agent')

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

async function agent(name: string): Promise<Agent> {
  const one = await signIn(browser, name)
  agents.push(one)
  return one
}

/** Leaves wrap-up, so that the next test finds everybody free. */
async function save(one: Agent): Promise<void> {
  await one.phone.getByRole('button', { name: 'Save' }).click()
  await one.page.getByText('Available', { exact: true }).waitFor()
}

describe('a caller', () => {
  it('reaches an agent: accepted, talked, held, resumed, ended; both are on the recording', async () => {
    const one = await agent(ana)
    await one.goAvailable()
    const call = await dial(CALLER, pulsed(CALLER_HERTZ))
    await one.incoming.waitFor({ timeout: 5_000 })
    expect(await one.page.title()).toContain('calling')
    await one.accept()
    await one.shows('Talking')
    await one.hearsPitch(CALLER_HERTZ)

    await one.button('Hold').click()
    await one.shows('On hold')
    await one.button('Resume').click()
    await one.shows('Talking')
    await one.hearsPitch(CALLER_HERTZ)
    await new Promise((resolve) => setTimeout(resolve, 2_500))

    await one.button('End call').click()
    await one.shows('You ended the call')
    await isOver(call.sid)
    await save(one)

    const server = await Server.as(ana)
    const row = await server.lastCall()
    expect(row).toMatchObject({
      direction: 'inbound',
      status: 'completed',
      outcome: 'answered',
      ended_by: 'agent',
      agent: { name: ana },
    })
    const sound = readWav(await server.recording(row.id))
    expect(sound.channels).toHaveLength(2)
    const [customer, agentSide] = sound.channels as [Float64Array, Float64Array]
    const customersOwn = strength(customer, sound.rate, CALLER_HERTZ)
    const agentsOwn = strength(agentSide, sound.rate, AGENT_HERTZ)
    expect(customersOwn).toBeGreaterThan(0.02)
    expect(agentsOwn).toBeGreaterThan(0.02)
    expect(strength(customer, sound.rate, AGENT_HERTZ)).toBeLessThan(customersOwn / 4)
    expect(strength(agentSide, sound.rate, CALLER_HERTZ)).toBeLessThan(agentsOwn / 4)
  })

  it('stays with the agent through a reload in mid-call', async () => {
    const one = await agent(ana)
    await one.goAvailable()
    const call = await dial(CALLER, pulsed(CALLER_HERTZ))
    await one.incoming.waitFor()
    await one.accept()
    await one.shows('Talking')
    await one.hearsPitch(CALLER_HERTZ)
    await one.page.reload()
    await one.shows('Talking', 20_000)
    await one.hearsPitch(CALLER_HERTZ)
    expect((await truth(call.sid)).status).toBe('in-progress')
    await one.button('End call').click()
    await isOver(call.sid)
    await save(one)
  })

  it('who hangs up ends the call on the agent’s screen, in words', async () => {
    const one = await agent(ana)
    await one.goAvailable()
    const call = await dial(CALLER)
    await one.incoming.waitFor()
    await one.accept()
    await one.shows('Talking')
    await hangUp(CALLER)
    await one.shows('The customer hung up')
    await isOver(call.sid)
    await save(one)
  })

  it('who gives up waiting closes the card within a second', async () => {
    const one = await agent(ana)
    await one.goAvailable()
    await dial(CALLER)
    await one.incoming.waitFor()
    await hangUp(CALLER)
    await one.incoming.waitFor({ state: 'detached', timeout: 2_000 })
  })

  it('rings two agents and is taken by exactly one; the other’s card closes with the name', async () => {
    const [one, two] = [await agent(ana), await agent(ben)]
    await one.goAvailable()
    await two.goAvailable()
    const call = await dial(CALLER)
    await Promise.all([one.incoming.waitFor(), two.incoming.waitFor()])
    // Whoever is slower finds the card gone under the mouse: that click is not waited for.
    await Promise.race([one, two].map((each) => each.accept().catch(() => {})))
    const winner = await eventually('one of them talks', async () => {
      for (const each of [one, two]) if (await each.phone.getByText('Talking').isVisible()) return each
      return null
    })
    const loser = winner === one ? two : one
    await loser.incoming.waitFor({ state: 'detached', timeout: 2_000 })
    await loser.page.getByText(`${winner.name.split(' ')[0]} took it.`).waitFor()
    expect(await loser.button('End call').count()).toBe(0)
    await winner.button('End call').click()
    await isOver(call.sid)
    await save(winner)
  })

  it('declined by one still rings at the other', async () => {
    const [one, two] = [await agent(ana), await agent(ben)]
    await one.goAvailable()
    await two.goAvailable()
    await dial(CALLER)
    await Promise.all([one.incoming.waitFor(), two.incoming.waitFor()])
    await one.incoming.getByRole('button', { name: 'Decline' }).click()
    await one.incoming.waitFor({ state: 'detached' })
    expect(await two.incoming.isVisible()).toBe(true)
    await hangUp(CALLER)
    await two.incoming.waitFor({ state: 'detached', timeout: 2_000 })
  })
})

describe('two tabs of one agent', () => {
  it('show the same call, and the other can take it over', async () => {
    const one = await agent(ana)
    await one.goAvailable()
    const call = await dial(CALLER, pulsed(CALLER_HERTZ))
    await one.incoming.waitFor()
    await one.accept()
    await one.shows('Talking')
    const token = await one.page.evaluate(() => sessionStorage.getItem('offhook.token'))
    const page = await one.page.context().newPage()
    await page.addInitScript((value) => value && sessionStorage.setItem('offhook.token', value), token)
    await page.goto(inject('demo').app)
    const phone = page.getByRole('region', { name: 'Phone' })
    await phone.getByText('Talking in another tab').waitFor()
    await phone.getByRole('button', { name: 'Use it here' }).click()
    await phone.getByText('Talking', { exact: true }).waitFor()
    await one.shows('Talking in another tab')
    expect((await truth(call.sid)).status).toBe('in-progress')
    await phone.getByRole('button', { name: 'End call' }).click()
    await isOver(call.sid)
    await phone.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Available', { exact: true }).waitFor()
  })
})
