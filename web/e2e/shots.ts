//! Pictures for people who look, where OFFHOOK_SHOTS names a folder; and axe, which looks always.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = process.env.OFFHOOK_SHOTS

export async function shoot(page: Page, name: string): Promise<void> {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

/** What axe finds on the page as it is now. */
export async function violations(page: Page): Promise<string[]> {
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

/** A picture, and nothing for axe to find. */
export async function look(page: Page, name: string): Promise<void> {
  await shoot(page, name)
  expect(await violations(page), name).toEqual([])
}
