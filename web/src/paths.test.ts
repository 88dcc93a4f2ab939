import { expect, it } from 'vitest'
import { paths } from './paths'

it('every address of the app is where bookmarks expect it', () => {
  const shown = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, typeof path === 'function' ? path('a b/c') : path]),
  )
  expect(shown).toMatchInlineSnapshot(`
    {
      "calls": "/calls",
      "contacts": "/contacts",
      "home": "/",
      "login": "/login",
      "numbers": "/numbers",
      "queue": "/queue",
      "settings": "/settings",
      "setup": "/setup/a%20b%2Fc",
      "team": "/team",
      "users": "/users",
      "voicemail": "/voicemail",
    }
  `)
})
