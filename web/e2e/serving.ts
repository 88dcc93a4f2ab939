//! A server of one's own beside the demo: new, with nothing in it, and the demo's sandbox as its carrier.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inject } from 'vitest'
import { freeTcp } from './demo'

const READY_WITHIN_MS = 60_000

export interface NewServer {
  /** The link that sets it up, as it is printed for whoever started it. */
  link: string
  end: () => Promise<void>
}

export async function newServer(): Promise<NewServer> {
  const program = process.env.OFFHOOK_BIN ?? '../target/debug/offhook'
  const data = mkdtempSync(join(tmpdir(), 'offhook-new-'))
  const port = await freeTcp()
  const sandbox = inject('demo').sandbox
  const child = spawn(program, ['serve'], {
    stdio: ['ignore', 'pipe', process.env.OFFHOOK_LOG ? 'inherit' : 'ignore'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: `sqlite://${join(data, 'offhook.db')}`,
      DATA_DIR: data,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: `http://localhost:${port}`,
      PORT: String(port),
      SIGNALING_URL: `${sandbox.replace(/^http/, 'ws')}/signal`,
    },
  })
  const end = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
    rmSync(data, { recursive: true, force: true })
  }
  return { link: await printedLink(child), end }
}

function printedLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('no link was printed; set OFFHOOK_LOG=1')),
      READY_WITHIN_MS,
    )
    child.once('exit', (code) =>
      reject(new Error(`offhook serve ended with ${code}; set OFFHOOK_LOG=1 to see why`)),
    )
    if (!child.stdout) return reject(new Error('no stdout'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = /https?:\/\/\S+\/setup\/\S+/.exec(line)?.[0]
      if (!link) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve(link)
    })
  })
}
