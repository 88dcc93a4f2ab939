//! Measured in headless Chromium with the real Voice SDK: when the pop-up is painted, and when the two can talk after Accept.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AGENT_HERTZ, type Agent, launch, people, signIn } from '../../web/e2e/browser'
import { eventually } from '../../web/e2e/eventually'
import { control, dial, hangUp, isOver } from '../../web/e2e/phones'
import { Server } from '../../web/e2e/server'
import { readWav, strength, type Wav, writePulse } from '../../web/e2e/sound'

const CALLER = '+14155550161'
const CALLER_HERTZ = 700
/** Milliseconds: what falls into a silence is heard that much later. */
const PULSE = 50
const shown = Number(process.env.BENCH_SHOWN)
const talks = Number(process.env.BENCH_TALKS)

interface Sent {
  at: string
  url: string
  params: [string, string][]
}

declare global {
  interface Window {
    peers: RTCPeerConnection[]
    painted: number
    clicked: number
  }
}

test('the pop-up, and the talk', { timeout: 1_800_000 }, async () => {
  const microphone = join(mkdtempSync(join(tmpdir(), 'offhook-bench-mic-')), 'pulse.wav')
  writePulse(microphone, AGENT_HERTZ, PULSE)
  const browser = await launch([`--use-file-for-fake-audio-capture=${microphone}`])
  const name = people('agent')[0] ?? ''
  const agent = await signIn(browser, name)
  const server = await Server.as(name)
  await agent.goAvailable()
  await agent.page.evaluate(watch)
  const measured = { shown: [] as number[], talks: [] as number[] }
  for (let n = 0; n < shown; n += 1) measured.shown.push(await untilPainted(agent))
  for (let n = 0; n < talks; n += 1) measured.talks.push(await untilTwoWay(agent, server))
  await browser.close()
  writeFileSync(process.env.BENCH_OUT ?? '', JSON.stringify(measured))
})

/** Notes when the pop-up was painted and when Accept was clicked. Runs in the page. */
function watch() {
  const pop = () => document.querySelector('[role=alertdialog]')
  new MutationObserver(() => {
    if (window.painted || !pop()) return
    window.painted = -1
    requestAnimationFrame(() =>
      setTimeout(() => {
        window.painted = Date.now()
      }),
    )
  }).observe(document.body, { subtree: true, childList: true })
  document.addEventListener(
    'click',
    (event) => {
      if ((event.target as Element).closest('button')?.textContent?.startsWith('Accept')) window.clicked = Date.now()
    },
    { capture: true },
  )
}

/** When a webhook of this call was sent. */
async function sent(call: string, door: string): Promise<number> {
  const found = await eventually(`the webhook ${door}`, async () => {
    const { webhooks } = await control<{ webhooks: Sent[] }>('GET', `/webhooks?call=${call}`)
    return webhooks.findLast((each) => new URL(each.url).pathname.endsWith(door))
  })
  return Date.parse(found.at)
}

async function untilPainted(agent: Agent): Promise<number> {
  await agent.page.evaluate(() => {
    window.painted = 0
  })
  const call = await dial(CALLER, { kind: 'human' })
  await agent.incoming.waitFor()
  const painted = await eventually('painted', () =>
    agent.page.evaluate(() => (window.painted > 0 ? window.painted : 0)),
  )
  const webhook = await sent(call.sid, '/webhooks/twilio/voice')
  await hangUp(CALLER)
  await agent.incoming.waitFor({ state: 'detached' })
  return painted - webhook
}

/** From the click until both hear each other: the agent by what the page receives, the caller by the recording of what they heard. */
async function untilTwoWay(agent: Agent, server: Server): Promise<number> {
  const call = await dial(CALLER, { kind: 'tone', hertz: CALLER_HERTZ, on: PULSE, off: PULSE })
  await agent.incoming.waitFor()
  await sent(call.sid, '/webhooks/twilio/wait')
  await new Promise((resolve) => setTimeout(resolve, 1_000 + Math.random() * 500))
  const hears = agent.page.evaluate(hear, CALLER_HERTZ)
  await agent.accept()
  const agentHears = await hears
  const clicked = await agent.page.evaluate(() => window.clicked)
  await agent.page.waitForTimeout(1_500)
  await agent.button('End call').click()
  await isOver(call.sid)
  const began = await sent(call.sid, '/webhooks/twilio/recording')
  const { id } = await server.lastCall()
  const callerHears = began + onset(readWav(await server.recording(id)))
  await agent.phone.getByRole('button', { name: 'Save' }).click()
  await agent.page.getByText('Available', { exact: true }).waitFor()
  return Math.max(agentHears, callerHears) - clicked
}

/** Milliseconds from the beginning of a recording until the agent's pitch stands in what the caller hears. */
function onset({ channels, rate }: Wav): number {
  const heard = channels[1] ?? new Float64Array()
  const window = rate / 10
  for (let end = window; end < heard.length; end += rate / 100) {
    if (strength(heard.subarray(end - window, end), rate, AGENT_HERTZ) > 0.02) return (end * 1000) / rate
  }
  throw new Error('the caller never heard the agent')
}

/** When the pitch is first heard in a call that begins from now on. Runs in the page. */
async function hear(hertz: number): Promise<number> {
  const before = new Set(window.peers)
  const context = new AudioContext()
  await context.resume()
  const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 })
  const bins = new Float32Array(analyser.frequencyBinCount)
  const wanted = Math.round((hertz * analyser.fftSize) / context.sampleRate)
  const end = Date.now() + 20_000
  let listening = false
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (!listening) {
      const peer = window.peers.find((each) => !before.has(each))
      const track = peer?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track
      if (!track) continue
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
      listening = true
    }
    analyser.getFloatFrequencyData(bins)
    const level = bins[wanted] ?? Number.NEGATIVE_INFINITY
    const loudest = bins.slice(8).reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY)
    if (level > -60 && loudest - level < 6) {
      const now = Date.now()
      await context.close()
      return now
    }
  }
  throw new Error('the agent never heard the caller')
}
