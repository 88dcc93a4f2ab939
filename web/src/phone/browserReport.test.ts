import { describe, expect, it } from 'vitest'
import { tried } from './browserReport'
import { emptyPhone, type PhoneState } from './state'

const said = (change: Partial<PhoneState>, microphone: 'granted' | 'prompt' | 'denied' = 'granted') => {
  const all = tried({ ...emptyPhone('me'), owner: true, ...change }, microphone, true)
  return Object.fromEntries(all.map(({ name, ok }) => [name, ok]))
}

describe("a browser's report of itself", () => {
  it('nothing tried is nothing said', () => {
    expect(said({}, 'prompt')).toMatchObject({ microphone: null, device: null, sound: null, network: null })
  })
  it('all well', () => {
    const found = { verdict: 'good', delay: 40 } as const
    const sound = { checking: false, found, at: 1 }
    expect(said({ device: 'ready', sound })).toEqual({
      support: true,
      microphone: true,
      events: true,
      device: true,
      sound: true,
      network: true,
    })
  })
  it('a refused microphone is no fault of the softphone, nor is a network without sound', () => {
    expect(said({ device: 'problem', problem: 'microphone_refused' })).toMatchObject({
      microphone: false,
      device: true,
    })
    expect(said({ device: 'problem', problem: 'no_media' })).toMatchObject({ device: true, sound: false })
    expect(said({ device: 'problem', problem: 'token' })).toMatchObject({ device: false, sound: null })
  })
})
