// The figures that need a real browser: runs talk.figures.ts by the web app's own Vitest and reads what it measured.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clear, folder } from '../demo.mjs'
import { spread } from '../table.mjs'

export async function inBrowser(program, { shown, talks }) {
  const place = folder()
  const out = join(place, 'figures.json')
  try {
    execFileSync('node_modules/.bin/vitest', ['run', '--config', '../bench/figures/vitest.config.mjs'], {
      cwd: 'web',
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, OFFHOOK_BIN: program, BENCH_OUT: out, BENCH_SHOWN: String(shown), BENCH_TALKS: String(talks) },
    })
    const measured = JSON.parse(readFileSync(out, 'utf8'))
    return [
      spread('voice webhook → pop-up, painted in Chromium', 'ms', measured.shown, { budget: 150 }),
      spread('click on Accept → both hear each other', 'ms', measured.talks, { budget: 1000 }),
    ]
  } finally {
    clear(place)
  }
}
