import { expect, it } from 'vitest'
import { paths } from './paths'

it('every address of the app is where bookmarks expect it', () => {
  const shown = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, typeof path === 'function' ? path('a b/c') : path]),
  )
  expect(shown).toMatchInlineSnapshot(`
    {
      "calls": "/calls",
      "home": "/",
      "login": "/login",
      "setup": "/setup/a%20b%2Fc",
    }
  `)
})
