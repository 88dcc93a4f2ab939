import { expect, test } from 'vitest'
import { encoded, isMine, type Text, threads } from './texts'

const DOOR = '+14155550100'
const PHONE = '+14155550142'

const text = (id: number, from: string, to: string): Text => ({
  id,
  at: '2026-11-20T10:00:00Z',
  from,
  to,
  body: `${id}`,
  media: [],
})

test('what two write to each other is one conversation, seen from the phone', () => {
  const [thread, ...more] = threads([text(1, DOOR, PHONE), text(2, PHONE, DOOR)], new Set([DOOR]))
  expect(more).toEqual([])
  expect(thread).toMatchObject({ phone: PHONE, other: DOOR, whatsapp: false })
  expect(thread?.texts.map((each) => thread && isMine(thread, each))).toEqual([false, true])
})

test('WhatsApp is a conversation of its own, and the newest comes first', () => {
  const all = threads(
    [text(1, PHONE, DOOR), text(2, `whatsapp:${PHONE}`, `whatsapp:${DOOR}`)],
    new Set([DOOR]),
  )
  expect(all.map((thread) => thread.whatsapp)).toEqual([true, false])
})

test('two phones that nobody answers by software are one conversation too', () => {
  const all = threads([text(1, PHONE, '+14155550143'), text(2, '+14155550143', PHONE)], new Set())
  expect(all).toHaveLength(1)
})

test('a file is sent as Base64', async () => {
  const file = new File([new Uint8Array([1, 2, 3])], 'a.png', { type: 'image/png' })
  expect(await encoded(file)).toEqual({ content_type: 'image/png', base64: 'AQID' })
})
