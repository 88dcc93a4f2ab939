//! Serves the small front end at an address of its own, opens it in a browser, and stands for its team's console.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { inject } from 'vitest'
import { Agent, keepPeers } from '../browser'
import { carrier } from '../carrier'
import { eventually } from '../eventually'
import type { FrontEnd } from './frontEnd'

declare global {
  interface Window {
    frontEnd: FrontEnd
  }
}

const PAGE = '<!doctype html><title>A front end</title><script type="module" src="/frontEnd.js"></script>'

/** The front end's files at a port of their own. */
export class Site {
  private constructor(
    private readonly server: HttpServer,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'offhook-front-end-'))
    await build({
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        rollupOptions: {
          input: join(import.meta.dirname, 'frontEnd.ts'),
          output: { entryFileNames: 'frontEnd.js' },
        },
      },
    })
    const server = createServer((request, response) => {
      if (request.url === '/') return void response.setHeader('Content-Type', 'text/html').end(PAGE)
      try {
        const file = readFileSync(join(folder, normalize(request.url ?? '')))
        response.setHeader('Content-Type', 'text/javascript').end(file)
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return new Site(server, folder)
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close(): void {
    this.server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Somebody at that front end. */
export class Foreign extends Agent {
  /** Opens the page and registers its device with a token of the documented endpoint. */
  static async at(
    browser: Browser,
    site: Site,
    name: string,
    [method, path]: [string, string],
  ): Promise<Foreign> {
    const context = await browser.newContext({ permissions: ['microphone'] })
    await context.addInitScript(keepPeers)
    const page = await context.newPage()
    const foreign = new Foreign(page, name)
    await page.goto(site.address)
    await page.waitForFunction(() => 'frontEnd' in window)
    const bearer = await logIn(name)
    const url = `${inject('demo').app}${path}`
    await page.evaluate(([a, b, c]) => window.frontEnd.register(a, b, c), [url, method, bearer] as const)
    return foreign
  }

  async connect(params: Record<string, string>): Promise<void> {
    await this.page.evaluate((given) => window.frontEnd.connect(given), params)
  }

  async accepts(): Promise<void> {
    await this.page.evaluate(() => window.frontEnd.accept())
  }

  async hangsUp(): Promise<void> {
    await this.page.evaluate(() => window.frontEnd.hangUp())
  }

  async listens(): Promise<void> {
    const url = `${inject('demo').app.replace('http', 'ws')}/ws?token=${await logIn(this.name)}`
    await this.page.evaluate((address) => window.frontEnd.listen(address), url)
    await this.sees('connection')
  }

  seen(): Promise<string[]> {
    return this.page.evaluate(() => [...window.frontEnd.seen])
  }

  async sees(word: string): Promise<void> {
    await eventually(
      `${this.name} sees ${word}`,
      async () => (await this.seen()).some((each) => each.startsWith(word)),
      20_000,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}; seen: ${(await this.seen()).join(', ')}`)
    })
  }
}

/** A bearer token of one of the demo's people. */
export async function logIn(name: string): Promise<string> {
  const { app, users } = inject('demo')
  const user = users.find((each) => each.name === name)
  const answer = await fetch(`${app}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: user?.email, password: user?.password }),
  })
  return ((await answer.json()) as { token: string }).token
}

/** A documented endpoint, asked by somebody. */
export async function asks<T>(name: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${inject('demo').app}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await logIn(name)}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

interface Place {
  sid: string
  voice_url: string
  phone_number?: string
}

/** The team's console: number and App lead to the documented paths; what it answers puts everything back. */
export async function consoleLeadsTo(number: string, app: string): Promise<() => Promise<void>> {
  const { organization } = inject('demo')
  const numbers = await carrier<{ incoming_phone_numbers: Place[] }>('GET', '{me}/IncomingPhoneNumbers.json')
  const apps = await carrier<{ applications: Place[] }>('GET', '{me}/Applications.json')
  const ours = numbers.incoming_phone_numbers.find((each) => each.phone_number === organization.number)
  const changed: [string, string][] = []
  const places: [string, Place | undefined, string][] = [
    ['IncomingPhoneNumbers', ours, number],
    ...apps.applications.map((each): [string, Place, string] => ['Applications', each, app]),
  ]
  for (const [kind, place, path] of places) {
    if (!place) throw new Error(`no ${kind}`)
    changed.push([`{me}/${kind}/${place.sid}.json`, place.voice_url])
    await carrier('POST', `{me}/${kind}/${place.sid}.json`, { VoiceUrl: `${inject('demo').app}${path}` })
  }
  return async () => {
    for (const [place, url] of changed) await carrier('POST', place, { VoiceUrl: url })
  }
}
