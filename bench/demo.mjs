// One `offhook demo` of our own: free ports, a folder of its own, ended and cleared away afterwards; and how to ask it things.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

export const folder = () => mkdtempSync(join(tmpdir(), 'offhook-bench-'))

export const clear = (path) => rmSync(path, { recursive: true, force: true })

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function freeUdp() {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

/** Starts the demo on a folder; resolves once everything answers. */
export async function demo(program, data) {
  const ports = { port: await freePort(), 'sandbox-port': await freePort(), 'media-port': await freeUdp() }
  const flags = Object.entries(ports).flatMap(([name, port]) => [`--${name}`, String(port)])
  const child = spawn(program, ['demo', '--json', '--data', data, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`offhook demo ended with ${code}`)))
    createInterface({ input: child.stdout }).once('line', resolve)
  })
  return { ...JSON.parse(line), end: () => end(child) }
}

async function ask(url, method, body, headers) {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** The sandbox's control API. */
export const control = (running, method, path, body) => ask(`${running.sandbox}/sandbox/v1${path}`, method, body)

/** Logs one of the demo's people in; the answer asks the API as that person. */
export async function logIn(running, { email, password }) {
  const session = await ask(`${running.app}/api/v1/session`, 'POST', { email, password })
  const api = (method, path, body) =>
    ask(`${running.app}/api/v1${path}`, method, body, { Authorization: `Bearer ${session.token}` })
  return { token: session.token, api }
}

/** When the voice webhook of each caller's newest call left the sandbox, in milliseconds, by the caller's number. */
export async function webhookTimes(running) {
  const { webhooks } = await control(running, 'GET', '/webhooks?limit=2000')
  const times = new Map()
  for (const sent of webhooks.toReversed()) {
    if (!new URL(sent.url).pathname.endsWith('/webhooks/twilio/voice')) continue
    const from = sent.params.find(([name]) => name === 'From')?.[1]
    if (!times.has(from)) times.set(from, Date.parse(sent.at))
  }
  return times
}
