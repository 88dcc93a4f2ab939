//! Every page, for every role, wide and narrow, light and dark: it opens, nothing breaks, axe finds nothing.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launch, people, signIn } from './browser'
import { eventually } from './eventually'
import { look } from './shots'

const PAGES = [
  '/calls',
  '/voicemail',
  '/contacts',
  '/queue',
  '/team',
  '/numbers',
  '/numbers/get',
  '/numbers/import',
  '/numbers/caller-ids',
  '/users',
  '/settings',
  '/settings/carrier',
  '/doctor',
  '/start',
]
const SHAPES = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'narrow', viewport: { width: 390, height: 844 } },
] as const

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

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
      await look(one.page, `${name}-${colorScheme}${path.replaceAll('/', '-')}`)
    }
    expect(one.errors).toEqual([])
    await one.close()
  })
})
