// Holds the promise about JavaScript: 220 kB gzip to the log-in form, 380 kB until the phone says ready.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LOGIN_KB = 220
const READY_KB = 380

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))

/** Every script that is fetched for these entries, with what they import at once. */
function scripts(entries) {
  const files = new Set()
  const seen = new Set()
  const visit = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    if (!chunk) throw new Error(`the build has no ${key}`)
    files.add(chunk.file)
    for (const next of chunk.imports ?? []) visit(next)
  }
  for (const entry of entries) visit(entry)
  return [...files].filter((file) => file.endsWith('.js'))
}

const kilobytes = (files) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length, 0) / 1000

const find = (part) => {
  const key = Object.keys(manifest).find((name) => name.includes(part))
  if (!key) throw new Error(`the build has no chunk for ${part}`)
  return key
}

const login = ['index.html', find('features/login/LoginPage')]
const ready = [...login, find('shell/Shell'), find('features/calls/CallsPage'), find('@twilio/voice-sdk')]
const rows = [
  ['to the log-in form', kilobytes(scripts(login)), LOGIN_KB],
  ['until the phone says ready', kilobytes(scripts(ready)), READY_KB],
]
let over = false
for (const [what, size, budget] of rows) {
  over ||= size > budget
  console.log(
    `JavaScript, gzip, ${what}: ${size.toFixed(0)} kB of ${budget} kB${size > budget ? '  OVER' : ''}`,
  )
}
process.exit(over ? 1 : 0)
