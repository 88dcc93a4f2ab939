import { describe, expect, it } from 'vitest'
import { timeline } from './rotation'
import type { Rotation } from './shapes'

const tones = (rotation: Partial<Rotation>) =>
  timeline({ state: 'none', steps: [], ...rotation }).map((step) => step.tone)

describe("a rotation's steps", () => {
  it('before it begins all are to come', () => {
    expect(tones({})).toEqual(['open', 'open', 'open', 'open', 'open'])
  })
  it('what was told is done, and the next one goes on', () => {
    const steps = [
      { name: 'create', ok: true, detail: 'made' },
      { name: 'store', ok: true, detail: 'sealed' },
    ]
    expect(tones({ state: 'created' })).toEqual(['now', 'open', 'open', 'open', 'open'])
    expect(tones({ state: 'stored', steps })).toEqual(['good', 'good', 'now', 'open', 'open'])
    expect(tones({ state: 'done', steps })).toEqual(['good', 'good', 'good', 'good', 'good'])
  })
  it('a step that did not go through goes on while it is tried again, and is bad once it stopped', () => {
    const steps = [
      { name: 'create', ok: true, detail: 'made' },
      { name: 'store', ok: true, detail: 'sealed' },
      { name: 'promote', ok: false, detail: 'the carrier said no' },
    ]
    expect(tones({ state: 'stored', steps })).toEqual(['good', 'good', 'now', 'open', 'open'])
    expect(tones({ state: 'failed', steps })).toEqual(['good', 'good', 'bad', 'open', 'open'])
  })
})
