// JavaScript that the browser loads, gzip, by the web app's own measure; beside it the Voice SDK that every such page needs.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

export function javascript() {
  const said = execFileSync('node', ['scripts/size.mjs'], { cwd: 'web', encoding: 'utf8' })
  const sdk = gzipSync(readFileSync('web/node_modules/@twilio/voice-sdk/dist/twilio.min.js'), { level: 9 }).length / 1000
  return [...said.matchAll(/gzip, (.*): (\d+) kB of (\d+) kB/g)].map(([, what, size, budget]) => ({
    figure: `JavaScript, gzip, ${what}`,
    unit: 'kB',
    p50: Number(size),
    p95: Number(size),
    held: Number(size),
    budget: Number(budget),
    peer: what.includes('ready') ? { name: 'twilio.min.js alone', p50: sdk, p95: sdk } : undefined,
  }))
}
