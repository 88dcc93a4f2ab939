//! The phone by keyboard; the keys that the help lists.
import { useShortcuts } from '@/lib/shortcuts'
import { usePhone } from './PhoneProvider'

export const PHONE_KEYS = [
  ['A', 'Accept the incoming call'],
  ['D', 'Decline the incoming call'],
  ['M', 'Mute or unmute'],
  ['H', 'Hold or resume'],
  ['K', 'Keypad during a call'],
  ['P', 'Go to the phone number field'],
] as const

export function usePhoneShortcuts(): void {
  const phone = usePhone()
  useShortcuts({
    a: () => {
      const { offers, active } = phone.snapshot()
      const offer = offers.find((each) => !each.busy)
      if (offer && !active) void phone.accept(offer.id)
    },
    d: () => {
      const offer = phone.snapshot().offers.find((each) => !each.busy)
      if (offer) phone.send({ type: 'decline', offerId: offer.id })
    },
    m: () => {
      const { active } = phone.snapshot()
      if (active?.line === 'joined' || active?.line === 'elsewhere')
        phone.send({ type: 'mute', on: !active.muted })
    },
    h: () => {
      const { active } = phone.snapshot()
      if (active?.call.status !== 'in-progress') return
      phone.send({ type: 'hold', on: active.call.phase !== 'on_hold' })
    },
    k: () => press('Keypad'),
    p: () => document.querySelector<HTMLInputElement>('input[aria-label="Phone number"]')?.focus(),
  })
}

function press(label: string): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('section[aria-label="Phone"] button')) {
    if (button.textContent?.trim() === label) button.click()
  }
}
