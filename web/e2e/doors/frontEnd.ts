//! A small front end of another system, as it runs in a browser: the real Voice SDK, the documented token endpoint, nothing of ours.
//! (Only where to signal is ours: with the sandbox no option of the SDK leads there.)
import type { Call, Device } from '@twilio/voice-sdk'
import { loadWithSignallingAt } from '../../src/phone/signalling'

interface Given {
  token: string
  identity: string
  signaling_url?: string | null
}

/** What happened to the device and its call, in order. */
const seen: string[] = []
let device: Device | undefined
let call: Call | undefined

function watch(one: Call): void {
  call = one
  for (const event of ['ringing', 'accept', 'disconnect', 'cancel', 'reject'] as const)
    one.on(event, () => seen.push(event))
  one.on('error', (error: Error) => seen.push(`error: ${error.message}`))
}

const frontEnd = {
  seen,

  /** Fetches a token as documented, and registers the device; answers its identity. */
  async register(url: string, method: string, bearer: string): Promise<string> {
    const answer = await fetch(url, { method, headers: { Authorization: `Bearer ${bearer}` } })
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    const given = (await answer.json()) as Given
    const sdk = await loadWithSignallingAt(given.signaling_url, () => import('@twilio/voice-sdk'))
    // Nothing of the sandbox may leave the machine; the SDK's own types do not name this option.
    const options = { logLevel: 'silent' as const, publishEvents: false }
    device = new sdk.Device(given.token, options)
    device.audio?.incoming(false)
    device.audio?.outgoing(false)
    device.on('incoming', (one: Call) => {
      seen.push(`incoming from ${one.parameters.From}`)
      watch(one)
    })
    device.on('error', (error: Error) => seen.push(`device error: ${error.message}`))
    await device.register()
    return given.identity
  },

  /** The socket of the documented events, where the system has one. */
  listen(url: string): void {
    const socket = new WebSocket(url)
    socket.onmessage = (message) => {
      const said = JSON.parse(String(message.data)) as { type: string; state?: string }
      seen.push(said.state ? `${said.type} ${said.state}` : said.type)
    }
    socket.onclose = (closed) => seen.push(`socket closed ${closed.code}`)
  },

  async connect(params: Record<string, string>): Promise<void> {
    if (!device) throw new Error('no device')
    watch(await device.connect({ params }))
  },

  accept: () => call?.accept(),
  hangUp: () => call?.disconnect(),
}

export type FrontEnd = typeof frontEnd

Object.assign(window, { frontEnd })
