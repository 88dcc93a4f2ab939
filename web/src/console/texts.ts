//! Messages of phones as conversations: who writes with whom, on which channel.
export interface Text {
  id: number
  at: string
  from: string
  to: string
  body: string
  media: { url: string; content_type: string }[]
}

export interface Thread {
  key: string
  /** The phone's own number. */
  phone: string
  other: string
  whatsapp: boolean
  texts: Text[]
}

const PREFIX = 'whatsapp:'

export const bare = (address: string) => (address.startsWith(PREFIX) ? address.slice(PREFIX.length) : address)

/** Conversations, the one with the newest message first. `doors` are the numbers that software answers. */
export function threads(texts: Text[], doors: ReadonlySet<string>): Thread[] {
  const found = new Map<string, Thread>()
  for (const text of texts) {
    const whatsapp = text.from.startsWith(PREFIX)
    const [from, to] = [bare(text.from), bare(text.to)]
    const [phone, other] = doors.has(from) && !doors.has(to) ? [to, from] : [from, to]
    const turned = found.get(keyOf(other, phone, whatsapp))
    const key = keyOf(phone, other, whatsapp)
    const thread = found.get(key) ?? turned ?? { key, phone, other, whatsapp, texts: [] }
    thread.texts.push(text)
    found.set(thread.key, thread)
  }
  return [...found.values()].sort((a, b) => lastId(b) - lastId(a))
}

const keyOf = (phone: string, other: string, whatsapp: boolean) => `${phone} ${other} ${whatsapp ? 'w' : 's'}`

const lastId = (thread: Thread) => thread.texts[thread.texts.length - 1]?.id ?? 0

/** Whether the phone itself wrote it. */
export const isMine = (thread: Thread, text: Text) => bare(text.from) === thread.phone

/** A file as the sandbox takes it. */
export async function encoded(file: File): Promise<{ content_type: string; base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return { content_type: file.type || 'application/octet-stream', base64: btoa(binary) }
}
