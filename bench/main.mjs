// Measures every figure in one run and prints them as one table.
import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { inBrowser } from './figures/browser.mjs'
import { footprint } from './figures/footprint.mjs'
import { javascript } from './figures/javascript.mjs'
import { popUp } from './figures/pop-up.mjs'
import { print } from './table.mjs'

const program = process.env.OFFHOOK_BIN
const quick = process.argv.includes('--quick')
const size = quick ? { calls: 20, shown: 3, talks: 3, rows: 5_000 } : { calls: 120, shown: 20, talks: 12, rows: 50_000 }

const say = (text) => process.stderr.write(`${text}\n`)
const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const profile = program.split('/').at(-2)

const parts = [
  ['voice webhook to pop-up', () => popUp(program, size)],
  ['the same in a browser, and accept to two-way audio', () => inBrowser(program, size)],
  ['memory and start', () => footprint(program, size)],
  ['JavaScript', () => javascript()],
]
const rows = []
for (const [name, measure] of parts) {
  say(`measuring: ${name} …`)
  rows.push(...(await measure()))
}

console.log(`${version} (${profile}, ${commit}), ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`)
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`)
console.log(`load average at the end: ${execFileSync('uptime', { encoding: 'utf8' }).split(/load averages?: /)[1]?.trim()}\n`)
print(rows)
process.exit(rows.some((row) => row.budget !== undefined && row.held > row.budget) ? 1 : 0)
