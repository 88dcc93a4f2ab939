//! Every page, for every role, wide and narrow, light and dark: it opens, nothing breaks, axe finds nothing.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launch, people, signIn } from './browser'
import { eventually } from './eventually'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = process.env.OFFHOOK_SHOTS
const PAGES = ['/calls', '/voicemail', '/contacts', '/queue', '/team', '/numbers', '/users', '/settings']
const SHAPES = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'narrow', viewport: { width: 390, height: 844 } },
] as const

let browser: Browser
beforeAll(async () => {
  browser = await launch()
  if (shots) mkdirSync(shots, { recursive: true })
})
afterAll(() => browser.close())

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (root: Document) => Promise<{ violations: Found[] }> }
    }
    type Found = { id: string; nodes: { html: string }[] }
    const found = await axe.run(document)
    return found.violations.map((each: Found) => `${each.id}: ${each.nodes[0]?.html.slice(0, 160)}`)
  })
}

async function look(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
  expect(await violations(page), name).toEqual([])
}

describe.each(SHAPES)('$name', ({ name, viewport }) => {
  it.each(['light', 'dark'] as const)('log-in and every page in the %s', async (colorScheme) => {
    const context = await browser.newContext({ viewport, colorScheme })
    const page = await context.newPage()
    await page.goto(inject('demo').app)
    await page.getByRole('button', { name: 'Log in' }).waitFor()
    await look(page, `${name}-${colorScheme}-login`)
    await context.close()

    const [admin = ''] = people('admin')
    const one = await signIn(browser, admin, { viewport, colorScheme })
    for (const path of PAGES) {
      await one.page.goto(inject('demo').app + path)
      await one.page.getByRole('heading', { level: 1 }).waitFor()
      const loading = one.page.getByRole('status', { name: 'Loading' })
      await eventually(`${path} is loaded`, async () => (await loading.count()) === 0)
      await look(one.page, `${name}-${colorScheme}${path.replace('/', '-')}`)
    }
    expect(one.errors).toEqual([])
    await one.close()
  })
})
