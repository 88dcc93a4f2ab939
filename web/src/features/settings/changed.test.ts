import { expect, it } from 'vitest'
import { changed, isEmpty } from './changed'

interface Shown {
  name: string
  greeting: string | null
  dispositions: string[]
}

it('only what was changed is sent; a list counts by what is in it', () => {
  const before: Shown = { name: 'Acme', greeting: null, dispositions: ['sold', 'callback'] }
  const after: Shown = { name: 'Acme', greeting: 'Hello', dispositions: ['sold', 'callback'] }
  expect(changed(before, after)).toEqual({ greeting: 'Hello' })
  expect(isEmpty(changed(before, before))).toBe(true)
  expect(changed(after, { ...after, greeting: null })).toEqual({ greeting: null })
})
