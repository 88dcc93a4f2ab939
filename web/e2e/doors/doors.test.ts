//! Front ends of other systems in a real browser, with the real Voice SDK: each does what its document's test checklist says.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launch, people } from '../browser'
import { eventually } from '../eventually'
import { behave, dial, hangUp, isOver, pulsed } from '../phones'
import { Server } from '../server'
import { asks, consoleLeadsTo, Foreign, Site } from './page'

const CUSTOMER = '+14155550196'
const CUSTOMER_HERTZ = 700
const [name = ''] = people('agent')
const [owner = ''] = people('owner')

let browser: Browser
let site: Site
let server: Server
let agent: Foreign | undefined
let undo: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  browser = await launch()
  site = await Site.open()
  server = await Server.as(owner)
})
afterAll(async () => {
  site.close()
  await browser.close()
})
beforeEach(() => behave(CUSTOMER, pulsed(CUSTOMER_HERTZ)))
afterEach(async () => {
  expect(agent?.errors ?? []).toEqual([])
  await agent?.close()
  agent = undefined
  for (const back of undo) await back()
  undo = []
})

/** The number rings at this one agent's. */
async function numberOf(agentName: string): Promise<void> {
  interface Row {
    id: string
    route: unknown
  }
  const { items: team } = await server.get<{ items: { id: string; name: string }[] }>('/agents')
  const { items } = await server.get<{ items: Row[] }>('/numbers')
  const [number] = items
  const id = team.find((each) => each.name === agentName)?.id
  if (!number || !id) throw new Error('no number, or no such agent')
  undo.push(() => server.send('PATCH', `/numbers/${number.id}`, { route: number.route }))
  const to = { kind: 'ring_agents', agents: [id], seconds: 60 }
  await server.send('PATCH', `/numbers/${number.id}`, { route: { to } })
}

async function presence(): Promise<string | undefined> {
  interface Row {
    name: string
    presence: { state: string }
  }
  const { items } = await server.get<{ items: Row[] }>('/agents')
  return items.find((each) => each.name === name)?.presence.state
}

const isPresent = (state: string) =>
  eventually(`${name} is ${state}`, async () => (await presence()) === state, 45_000)

const callIs = (status: string) =>
  eventually(`the call is ${status}`, async () => (await server.lastCall()).status === status, 15_000)

/** They talk until the agent hangs up, and everything about it is in order. */
async function talksAndHangsUp(one: Foreign): Promise<void> {
  await one.hearsPitch(CUSTOMER_HERTZ)
  await callIs('in-progress')
  expect((await server.lastCall()).agent?.name).toBe(name)
  await isPresent('busy')
  await one.hangsUp()
  await one.sees('disconnect')
  await callIs('completed')
}

it('device SDK: a call comes in, the device rings, Answer connects, and the states are told', async () => {
  undo.push(await consoleLeadsTo('/api/webhooks/twilio/voice/incoming', '/api/twilio/client/voice'))
  await numberOf(name)
  agent = await Foreign.at(browser, site, name, ['GET', '/api/twilio/client/token'])
  await agent.listens()
  await isPresent('available')
  const leg = await dial(CUSTOMER)
  await agent.sees(`incoming from ${CUSTOMER}`)
  await agent.sees('incoming_call ringing')
  await agent.accepts()
  await agent.sees('accept')
  await agent.sees('call_status_update connected')
  await talksAndHangsUp(agent)
  await agent.sees('call_status_update ended')
  await isOver(leg.sid)
})

it('device SDK: Redial rings, connects and ends without a refresh', async () => {
  undo.push(await consoleLeadsTo('/api/webhooks/twilio/voice/incoming', '/api/twilio/client/voice'))
  agent = await Foreign.at(browser, site, name, ['GET', '/api/twilio/client/token'])
  await agent.listens()
  await agent.connect({ To: CUSTOMER })
  await agent.sees('accept')
  await agent.sees('call_status_update connected')
  await talksAndHangsUp(agent)
  await agent.sees('call_status_update ended')
})

it('click-to-call: the contact is called, the agent is On Call, and Available afterwards', async () => {
  undo.push(await consoleLeadsTo('/api/twilio/voice', '/api/twilio/outbound'))
  agent = await Foreign.at(browser, site, name, ['GET', '/api/twilio/token'])
  await agent.connect({ To: '(415) 555-0196', contactName: 'John Doe' })
  await agent.sees('accept')
  await talksAndHangsUp(agent)
  await isPresent('available')
})

it('queue and conference: a caller is found by polling, accepted, and heard in the room', async () => {
  undo.push(await consoleLeadsTo('/api/twilio/webhook/voice', '/api/twilio/webhook/voice'))
  agent = await Foreign.at(browser, site, name, ['POST', '/api/twilio/token'])
  const leg = await dial(CUSTOMER)
  const poll = () =>
    asks<{ incomingCall: { callSid: string } | null }>(name, 'GET', '/api/twilio/incoming-calls/pending')
  const shown = await eventually('the caller is shown', async () => (await poll()).incomingCall, 15_000)
  expect(shown.callSid).toBe(leg.sid)
  const body = { callSid: shown.callSid }
  const { conferenceId } = await asks<{ conferenceId: string }>(
    name,
    'POST',
    '/api/twilio/incoming-calls/accept',
    body,
  )
  await agent.connect({ conferenceId, participant: 'agent' })
  await agent.sees('accept')
  await talksAndHangsUp(agent)
  await isOver(leg.sid)
  await hangUp(CUSTOMER).catch(() => undefined)
})
