//! Starts one `offhook demo` for all browser tests, on free ports, with data of its own, and ends it afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'

export interface DemoLine {
  app: string
  sandbox: string
  organization: { slug: string; account_sid: string; auth_token: string; number: string }
  customers: { account_sid: string; auth_token: string; numbers: string[] }
  users: { email: string; password: string; role: string; name: string }[]
}

declare module 'vitest' {
  export interface ProvidedContext {
    demo: DemoLine
  }
}

const READY_WITHIN_MS = 60_000

/** `OFFHOOK_DEMO`, the line that a running demo printed, saves starting another one while a test is being written. */
export default async function setup(project: TestProject) {
  if (process.env.OFFHOOK_DEMO) {
    project.provide('demo', JSON.parse(process.env.OFFHOOK_DEMO) as DemoLine)
    return
  }
  const program = process.env.OFFHOOK_BIN ?? '../target/debug/offhook'
  const data = mkdtempSync(join(tmpdir(), 'offhook-e2e-'))
  const [port, sandboxPort, mediaPort] = [await freeTcp(), await freeTcp(), await freeUdp()]
  const flags = ['--port', port, '--sandbox-port', sandboxPort, '--media-port', mediaPort].map(String)
  const child = spawn(program, ['demo', '--json', '--fresh', '--data', data, ...flags], {
    stdio: ['ignore', 'pipe', process.env.OFFHOOK_LOG ? 'inherit' : 'ignore'],
  })
  project.provide('demo', await firstLine(child))
  return async () => {
    child.kill('SIGTERM')
    await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)))
    rmSync(data, { recursive: true, force: true })
  }
}

function firstLine(child: ChildProcess): Promise<DemoLine> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('offhook demo was not ready in time')), READY_WITHIN_MS)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`offhook demo ended with ${code}; set OFFHOOK_LOG=1 to see why`)),
    )
    if (!child.stdout) return reject(new Error('no stdout'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve(JSON.parse(line) as DemoLine)
    })
  })
}

export function freeTcp(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

function freeUdp(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}
