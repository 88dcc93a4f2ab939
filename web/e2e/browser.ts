//! Agents in a real browser: Chromium with a microphone of one pitch, and an ear for what the other side says.
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { eventually } from './eventually'
import { writePulse } from './sound'

/** What every agent's microphone says. */
export const AGENT_HERTZ = 1000

const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

export async function launch(extra: string[] = []): Promise<Browser> {
  const executablePath = CHROMIUM.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('no Chromium found; set CHROMIUM')
  const pulse = join(mkdtempSync(join(tmpdir(), 'offhook-mic-')), 'pulse.wav')
  writePulse(pulse, AGENT_HERTZ)
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${pulse}`,
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      ...extra,
    ],
  })
}

/** Keeps the page's peer connections at hand, so that a test can listen to them. */
export function keepPeers() {
  const Native = window.RTCPeerConnection
  const peers: RTCPeerConnection[] = []
  Object.assign(window, { peers })
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      peers.push(this)
    }
  }
}

export class Agent {
  readonly phone: Locator
  readonly incoming: Locator
  readonly errors: string[] = []

  constructor(
    readonly page: Page,
    readonly name: string,
  ) {
    this.phone = page.getByRole('region', { name: 'Phone' })
    this.incoming = page.getByRole('alertdialog', { name: 'Incoming call' })
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  button(name: string): Locator {
    return this.phone.getByRole('button', { name, exact: true })
  }

  async ready(): Promise<void> {
    await this.phone.getByText('Ready', { exact: true }).waitFor({ timeout: 20_000 })
  }

  async goAvailable(): Promise<void> {
    await this.ready()
    const go = this.page.getByRole('button', { name: 'Go available' })
    if (await go.isVisible()) await go.click()
    await this.page.getByRole('button', { name: 'Go away' }).waitFor()
    await this.page.getByText('Available', { exact: true }).waitFor()
  }

  async accept(): Promise<void> {
    await this.incoming.getByRole('button', { name: 'Accept' }).click()
  }

  async shows(words: string | RegExp, milliseconds = 15_000): Promise<void> {
    await this.phone.getByText(words).first().waitFor({ timeout: milliseconds })
  }

  /** The loudest pitch that the agent hears within the time. */
  hears(milliseconds = 2_000): Promise<{ hertz: number; level: number }> {
    return this.page.evaluate(listen, milliseconds)
  }

  async hearsPitch(hertz: number): Promise<void> {
    await eventually(
      `${this.name} hears ${hertz} Hz`,
      async () => {
        const heard = await this.hears(1_200)
        return Math.abs(heard.hertz - hertz) < 40 && heard.level > -60
      },
      20_000,
    )
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}

/** The loudest pitch of what the newest peer connection receives. Runs in the page. */
async function listen(milliseconds: number): Promise<{ hertz: number; level: number }> {
  const peers = (window as unknown as { peers: RTCPeerConnection[] }).peers
  const peer = peers.filter((each) => each.connectionState !== 'closed').at(-1)
  const track = peer?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track
  if (!track) return { hertz: 0, level: Number.NEGATIVE_INFINITY }
  const context = new AudioContext()
  await context.resume()
  const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 })
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  const best = { hertz: 0, level: Number.NEGATIVE_INFINITY }
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    await new Promise((done) => setTimeout(done, 40))
    analyser.getFloatFrequencyData(bins)
    bins.forEach((level, bin) => {
      if (bin < 8 || level <= best.level) return
      best.hertz = (bin * context.sampleRate) / analyser.fftSize
      best.level = level
    })
  }
  await context.close()
  return best
}

/** A browser window of somebody's own, logged in by the demo's one click. */
export async function signIn(
  browser: Browser,
  name: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Agent> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['microphone'],
    ...options,
  })
  return signInHere(context, name)
}

export async function signInHere(context: BrowserContext, name: string): Promise<Agent> {
  await context.addInitScript(keepPeers)
  const page = await context.newPage()
  await page.goto(inject('demo').app)
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  const agent = new Agent(page, name)
  // On a small screen the phone itself is folded away.
  await page.getByRole('button', { name: /^Go (available|away)$/ }).waitFor()
  return agent
}

/** The names of the demo's people by role. */
export function people(role: string): string[] {
  return inject('demo')
    .users.filter((user) => user.role === role)
    .map((user) => user.name)
}
