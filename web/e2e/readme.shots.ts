//! The pictures of the README: a customer of the demo calls, an agent talks, on a desktop in light colours.
import { mkdirSync, statSync } from 'node:fs'
import { expect, inject, it } from 'vitest'
import { launch, people, signIn } from './browser'
import { control, isOver } from './phones'

const PLACE = '../docs/images'
/** A picture in a README is loaded by everybody who looks at the project. */
const LARGEST = 200_000

it('an agent in a call', async () => {
  mkdirSync(PLACE, { recursive: true })
  const [ana = ''] = people('agent')
  const { customers, organization } = inject('demo')
  const customer = `/phones/${encodeURIComponent(customers.numbers[0] ?? '')}`
  const browser = await launch()
  const agent = await signIn(browser, ana, { colorScheme: 'light', viewport: { width: 1360, height: 850 } })
  await agent.goAvailable()
  const speaks = { kind: 'answers', ring: 0, lines: [{ kind: 'bundled', value: 'persona-1' }], stays: null }
  const call = await control<{ sid: string }>('POST', `${customer}/dial`, {
    to: organization.number,
    behaviour: speaks,
  })
  await agent.incoming.waitFor()
  await agent.accept()
  await agent.shows('Talking', 30_000)
  await agent.page
    .getByRole('region', { name: 'Phone' })
    .getByRole('textbox')
    .last()
    .fill('Asks for the red frame, size M.')
  // Long enough that the timer shows more than a greeting.
  await agent.page.waitForTimeout(14_000)
  await agent.page.screenshot({ path: `${PLACE}/call.png` })
  expect(statSync(`${PLACE}/call.png`).size).toBeLessThan(LARGEST)
  await agent.button('End call').click()
  await isOver(call.sid)
  await browser.close()
})
