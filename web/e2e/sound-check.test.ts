//! Before the first call: does sound get through, found out in the background, said with its cure where it does not.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Agent, launch, people, signIn, signInHere } from './browser'
import { eventually } from './eventually'
import { control, dial, hangUp, isOver, pulsed, type Truth } from './phones'
import { Server } from './server'
import { writeSilence } from './sound'

const CALLER = '+14155550195'
const CALLER_HERTZ = 700
const [supervisor = ''] = people('supervisor')

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

async function agent(network: 'open' | 'closed'): Promise<Agent> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['microphone'],
  })
  if (network === 'closed') await context.addInitScript(loseUdp)
  const one = await signInHere(context, supervisor)
  agents.push(one)
  return one
}

/** As behind a firewall that drops UDP: whatever the page sends to the other side's addresses arrives nowhere. */
function loseUdp() {
  const native = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    const sdp = description?.sdp?.replace(/(a=candidate:\S+ \d udp \d+) \S+ \d+/g, '$1 192.0.2.1 9')
    return Reflect.apply(native, this, [{ type: description?.type ?? 'answer', sdp }])
  }
}

/** The legs of agents' devices that the sandbox knows of. */
async function devices(): Promise<Truth[]> {
  const { calls } = await control<{ calls: Truth[] }>('GET', '/calls')
  return calls.filter((leg) => String(leg.from).startsWith('client:'))
}

async function points(one: Agent): Promise<string> {
  const dialog = one.page.getByRole('dialog', { name: /^Phone: / })
  if (!(await dialog.isVisible())) await one.phone.getByRole('button', { name: /^Phone: / }).click()
  return (await dialog.textContent()) ?? ''
}

it('a phone whose sound gets through says so, once for this browser, and no call comes of the check', async () => {
  const before = await devices()
  const server = await Server.as(supervisor)
  const calls = await server.get<{ items: { id: string }[] }>('/calls?limit=1')
  const one = await agent('open')
  await one.goAvailable()
  await eventually('the check is done', async () => /Gets through/.test(await points(one)), 30_000)
  const after = await devices()
  expect(after.length - before.length, 'one short leg').toBe(1)
  await eventually('the leg is over', async () => (await devices())[0]?.status === 'completed')
  expect(await server.get('/calls?limit=1'), 'no call of ours').toMatchObject({
    items: [{ id: calls.items[0]?.id }],
  })
  expect(await one.page.getByText('Available', { exact: true }).isVisible(), 'nobody was busy').toBe(true)

  await one.page.reload()
  await one.ready()
  expect(await points(one)).toMatch(/Gets through.*Checked/)
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  expect((await devices()).length, 'not again after a reload').toBe(after.length)
  await one.page.getByRole('button', { name: 'Check sound' }).click()
  await eventually('a click checks again', async () => (await devices()).length === after.length + 1)
})

it('a network that lets no sound through turns the phone red with the reason and the cure, before any call', async () => {
  const one = await agent('closed')
  const notice = one.phone.getByRole('alert')
  await notice.getByText('Sound does not get through').waitFor({ timeout: 40_000 })
  await notice.getByText(/Your network blocks UDP.*Switch a VPN off/).waitFor()
  expect(await points(one)).toMatch(/Sound.*Does not get through/)
  await one.page.keyboard.press('Escape')
  await one.phone.getByRole('textbox', { name: 'Phone number' }).fill('(415) 555-0181')
  expect(await one.button('Call').isDisabled(), 'nobody is called who would hear nothing').toBe(true)
  await notice.getByRole('button', { name: 'Check sound' }).click()
  await eventually('it checks again', async () => /there and back/.test(await points(one)))
})

it('a caller comes before the check, and is heard', async () => {
  const one = await agent('open')
  await one.goAvailable()
  const call = await dial(CALLER, pulsed(CALLER_HERTZ))
  await one.incoming.waitFor({ timeout: 5_000 })
  await one.accept()
  await one.shows('Talking')
  await one.hearsPitch(CALLER_HERTZ)
  await one.button('End call').click()
  await isOver(call.sid)
  await one.phone.getByRole('button', { name: 'Save' }).click()
})

it('a microphone that gives no sound is told to the agent while talking', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'offhook-mute-')), 'silence.wav')
  writeSilence(file)
  const mute = await launch([`--use-file-for-fake-audio-capture=${file}`])
  const one = await signIn(mute, supervisor)
  await one.goAvailable()
  await dial(CALLER, pulsed(CALLER_HERTZ))
  await one.incoming.waitFor()
  await one.accept()
  await one.shows('Talking')
  await one.shows(/We do not hear you/, 20_000)
  await one.button('Mute').click()
  await one.shows(/Muted/)
  expect(await one.phone.getByText(/We do not hear you/).isVisible(), 'a mute is no fault').toBe(false)
  await hangUp(CALLER)
  await one.phone.getByRole('button', { name: 'Save' }).click()
  expect(one.errors).toEqual([])
  await mute.close()
})
