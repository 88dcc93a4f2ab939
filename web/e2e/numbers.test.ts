//! Numbers in the web app: bought with the price said first, papers explained, imported, verified, given back by name.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { type Agent, launch, people, signIn } from './browser'
import { buyAtTheCarrier, numbersAtTheCarrier } from './carrier'
import { eventually } from './eventually'
import { behave, control } from './phones'
import { look, shoot } from './shots'

const [admin = ''] = people('admin')

let browser: Browser
let agent: Agent
let page: Page

beforeAll(async () => {
  browser = await launch()
  agent = await signIn(browser, admin)
  page = agent.page
})
afterEach(() => expect(agent.errors).toEqual([]))
afterAll(() => browser.close())

async function open(path: string): Promise<void> {
  await page.goto(inject('demo').app + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

async function choose(field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}

const row = (words: string | RegExp): Locator => page.locator('a[data-row]').filter({ hasText: words })

it('every number says in a sentence where its calls go', async () => {
  await open('/numbers')
  await row(/rings|voicemail/i)
    .first()
    .waitFor()
  await row(/rings|voicemail/i)
    .first()
    .click()
  await page.getByRole('list', { name: 'Where a call to this number goes' }).waitFor()
  expect(
    await page.getByRole('list', { name: 'Where a call to this number goes' }).getByRole('listitem').count(),
  ).toBeGreaterThan(1)
  await shoot(page, 'number')
})

it('a number is found by its area, bought for the price that was said, and takes calls', async () => {
  await open('/numbers')
  await page.getByRole('button', { name: 'Get a number' }).click()
  await page.getByRole('textbox', { name: 'Area code' }).fill('212')
  const buy = page.getByRole('button', { name: /^Buy \(212\)/ }).first()
  await buy.waitFor({ timeout: 20_000 })
  await page
    .getByText(/^\$1\.\d\d a month$/)
    .first()
    .waitFor()
  await shoot(page, 'shop')
  const held = (await numbersAtTheCarrier()).length
  await buy.click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Downtown')
  await page.getByText(/billed by the carrier from now on/).waitFor()
  await shoot(page, 'buy')
  await page.getByRole('button', { name: /^Buy for \$1\.\d\d a month$/ }).click()
  await page
    .getByRole('dialog')
    .getByText(/is yours/)
    .waitFor({ timeout: 20_000 })
  await shoot(page, 'bought')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('region', { name: 'Number' }).getByText('Downtown').first().waitFor()

  const now = await numbersAtTheCarrier()
  expect(now.length, 'one number, not two').toBe(held + 1)
  const bought = now.find((each) => each.friendly_name === 'Downtown')
  expect(bought?.voice_url).toContain(new URL(inject('demo').app).port)
})

it('a country that asks for papers says which fit, and does not sell what must fail', async () => {
  await open('/numbers/get')
  await choose('Country', 'United Kingdom')
  const papers = page.getByRole('region', { name: 'Papers' })
  await papers.getByText('Your papers are in order').waitFor({ timeout: 20_000 })
  await shoot(page, 'papers-good')
  await choose('Country', 'Germany')
  await papers.getByText('Papers are needed first').waitFor({ timeout: 20_000 })
  const buy = page.getByRole('button', { name: /^Buy \+49/ }).first()
  await buy.waitFor()
  expect(await buy.isDisabled()).toBe(true)
  await shoot(page, 'papers-missing')
})

it('a number that the account holds already is imported, with a word on where it pointed', async () => {
  const held = await buyAtTheCarrier({ VoiceUrl: 'https://old.example.com/voice', FriendlyName: 'Warehouse' })
  await open('/numbers/import')
  const box = page.getByRole('checkbox', { name: /Warehouse/ })
  await box.waitFor({ timeout: 20_000 })
  await page
    .getByText(/old\.example\.com/)
    .first()
    .waitFor()
  await shoot(page, 'import')
  await box.check()
  await page.getByRole('button', { name: 'Import 1 number' }).click()
  await row('Warehouse').waitFor({ timeout: 20_000 })
  await eventually('its calls arrive here', async () => {
    const now = (await numbersAtTheCarrier()).find((each) => each.sid === held.sid)
    return now?.voice_url.includes(new URL(inject('demo').app).port)
  })
})

it('what is changed on a number is seen at the carrier too', async () => {
  await open('/numbers')
  await row('Warehouse').click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Depot')
  await page.getByRole('radiogroup', { name: 'A call goes to' }).getByText('Voicemail').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await row('Depot')
    .getByText(/voicemail|message/i)
    .first()
    .waitFor()
  await eventually('the carrier has the name', async () =>
    (await numbersAtTheCarrier()).some((each) => each.friendly_name === 'Depot'),
  )
})

it('a phone of one’s own becomes a caller ID by the code that it is asked for', async () => {
  const phone = '+14155550166'
  await behave(phone, { kind: 'human' })
  await open('/numbers/caller-ids')
  await page.getByRole('button', { name: 'Verify a number' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Phone number' }).fill('(415) 555-0166')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Field mobile')
  await dialog.getByRole('button', { name: 'Call this phone' }).click()
  const code = (await dialog.locator('output').textContent()) ?? ''
  expect(code).toMatch(/^\d{6}$/)
  await shoot(page, 'verify')
  const at = `/phones/${encodeURIComponent(phone)}`
  await eventually('the phone rings and is answered', () =>
    control('POST', `${at}/answer`, {}).then(() => true),
  )
  await eventually(
    'the code is keyed in',
    async () => {
      await control('POST', `${at}/press`, { digits: code }).catch(() => {})
      return dialog.getByText('is verified').isVisible()
    },
    30_000,
  )
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByText('Field mobile').waitFor()
})

it('an agent gets a caller ID, and only numbers that are ours or verified are offered', async () => {
  const [ana = ''] = people('agent')
  await open('/users')
  await page.getByRole('button', { name: `Actions for ${ana}` }).click()
  await page.getByRole('menuitem', { name: 'Calling settings' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Caller ID' }).click()
  await page.getByRole('option', { name: /Field mobile/ }).click()
  await dialog.getByRole('textbox', { name: 'Forward when busy to' }).fill('12')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.locator('[aria-invalid="true"]').first().waitFor()
  await dialog.getByRole('textbox', { name: 'Forward when busy to' }).fill('(415) 555-0167')
  await shoot(page, 'calling')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: `Actions for ${ana}` }).click()
  await page.getByRole('menuitem', { name: 'Calling settings' }).click()
  await eventually('it was kept', async () =>
    /0167/.test(await dialog.getByRole('textbox', { name: 'Forward when busy to' }).inputValue()),
  )
  await dialog.getByRole('textbox', { name: 'Forward when busy to' }).fill('')
  await dialog.getByRole('combobox', { name: 'Caller ID' }).click()
  await page.getByRole('option', { name: '(415) 555-0100, Support' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
})

it('a number is given back only by its name', async () => {
  await open('/numbers')
  await row('Depot').click()
  await page.getByRole('button', { name: 'Release number' }).click()
  const dialog = page.getByRole('dialog')
  const release = dialog.getByRole('button', { name: 'Release number' })
  expect(await release.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('depo')
  expect(await release.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('Depot')
  await look(page, 'release')
  await release.click()
  await row('Depot').waitFor({ state: 'detached', timeout: 20_000 })
  expect((await numbersAtTheCarrier()).some((each) => each.friendly_name === 'Depot')).toBe(false)
})
