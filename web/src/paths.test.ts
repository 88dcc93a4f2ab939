import { expect, it } from 'vitest'
import { paths } from './paths'

it('every address of the app is where bookmarks expect it', () => {
  const shown = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, typeof path === 'function' ? path('a b/c') : path]),
  )
  expect(shown).toMatchInlineSnapshot(`
    {
      "callerIds": "/numbers/caller-ids",
      "calls": "/calls",
      "carrier": "/settings/carrier",
      "contacts": "/contacts",
      "doctor": "/doctor",
      "getNumber": "/numbers/get",
      "home": "/",
      "importNumbers": "/numbers/import",
      "login": "/login",
      "numbers": "/numbers",
      "queue": "/queue",
      "settings": "/settings",
      "setup": "/setup/a%20b%2Fc",
      "start": "/start",
      "team": "/team",
      "users": "/users",
      "voicemail": "/voicemail",
    }
  `)
})
