// Idle memory of `offhook serve` and its time from start to ready, on a filled database; beside it the least that a Node server takes.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { clear, demo, end, folder, freePort, sleep } from '../demo.mjs'
import { peer, spread } from '../table.mjs'

const STARTS = 7
/** A server that has just started is not idle yet. */
const SETTLES = 20_000
const EMPTY = "require('node:http').createServer((_, answer) => answer.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')"

export async function footprint(program, { rows }) {
  const data = folder()
  try {
    await (await demo(program, data)).end()
    const made = execFileSync('python3', ['bench/fill.py', join(data, 'offhook.db'), String(rows)], { encoding: 'utf8' })
    const { encryption_key } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))
    const environment = { ...process.env, DATA_DIR: data, ENCRYPTION_KEY: encryption_key }
    const ours = await watch(program, ['serve'], '/readyz', environment)
    const empty = await watch(process.execPath, ['-e', EMPTY], '/', process.env)
    return [
      spread(`serve: start → ready, ${made.trim()}`, 'ms', ours.starts, { budget: 1000, peer: peer('an empty Node server', empty.starts) }),
      spread('serve: idle memory (RSS)', 'MB', [ours.memory], { budget: 80, peer: peer('an empty Node server', [empty.memory]) }),
    ]
  } finally {
    clear(data)
  }
}

/** Starts a server several times; the last one is left alone for a while and then weighed. */
async function watch(program, flags, path, environment) {
  const starts = []
  for (let n = 0; n < STARTS; n += 1) {
    const port = await freePort()
    const begun = performance.now()
    const child = spawn(program, flags, { env: { ...environment, PORT: String(port), BIND: '127.0.0.1' }, stdio: 'ignore' })
    try {
      while (!(await answers(`http://127.0.0.1:${port}${path}`))) {
        if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
        await sleep(2)
      }
      starts.push(performance.now() - begun)
      if (n + 1 < STARTS) continue
      await sleep(SETTLES)
      const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' }))
      return { starts, memory: (kilobytes * 1024) / 1e6 }
    } finally {
      await end(child)
    }
  }
}

function answers(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    request.on('error', () => resolve(false))
  })
}
