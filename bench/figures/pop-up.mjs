// Voice webhook to pop-up: an agent's event socket, and beside it, for the same calls, a client that polls every 3 seconds.
import { clear, control, demo, folder, logIn, sleep, webhookTimes } from '../demo.mjs'
import { peer, spread } from '../table.mjs'

/** How often the systems that we replace ask for pending calls. */
const POLL = 3_000
/** Pause between two callers, on average; the moments are random, so that they fall anywhere between two polls. */
const BETWEEN = 500
const PATIENCE = 15_000

export async function popUp(program, { calls }) {
  const data = folder()
  const running = await demo(program, data)
  try {
    const seen = await measure(running, calls)
    const sent = await webhookTimes(running)
    const since = (times) => [...times].map(([number, at]) => at - sent.get(number))
    return [
      spread('voice webhook → pop-up, at the event socket', 'ms', since(seen.pushed), {
        budget: 150,
        peer: peer('polling every 3 s', since(seen.polled)),
      }),
    ]
  } finally {
    await running.end()
    clear(data)
  }
}

async function measure(running, calls) {
  const agent = await logIn(running, running.users.find((user) => user.role === 'agent'))
  const pushed = new Map()
  const polled = new Map()
  const socket = await listen(running, agent.token, (number) => pushed.set(number, Date.now()))
  await agent.api('PUT', '/me/availability', { state: 'available' })
  await available(agent)
  const poller = poll(agent, (number) => polled.has(number) || polled.set(number, Date.now()))
  const under = []
  for (let n = 0; n < calls; n += 1) {
    under.push(oneCall(running, `+1415556${String(n).padStart(4, '0')}`, [pushed, polled]))
    await sleep(Math.random() * 2 * BETWEEN)
  }
  await Promise.all(under)
  clearInterval(poller)
  socket.close()
  return { pushed, polled }
}

/** A caller who stays until both clients have shown the call. */
async function oneCall(running, number, clients) {
  const phone = `/phones/${encodeURIComponent(number)}`
  await control(running, 'POST', `${phone}/dial`, { to: running.organization.number, behaviour: { kind: 'human' } })
  const until = Date.now() + PATIENCE
  while (!clients.every((client) => client.has(number))) {
    if (Date.now() > until) throw new Error(`the call from ${number} was never shown`)
    await sleep(50)
  }
  await control(running, 'POST', `${phone}/hangup`, {})
}

/** An agent's event socket with a device that is ready, as the app has it. */
function listen(running, token, show) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${running.app.replace('http', 'ws')}/api/v1/events`)
    socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token }))
    socket.onerror = () => reject(new Error('the event socket failed'))
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data)
      if (frame.type === 'hello') {
        socket.send(JSON.stringify({ type: 'beat', device: 'ready' }))
        resolve(socket)
      }
      if (frame.type === 'incoming_call') show(frame.data.call.from_number)
    }
  })
}

async function available(agent) {
  const until = Date.now() + PATIENCE
  for (;;) {
    const { presence } = await agent.api('GET', '/me')
    if (presence.state === 'available') return
    if (Date.now() > until) throw new Error(`the agent is ${presence.state}, not available`)
    await sleep(100)
  }
}

/** The peer: asks for what is pending, shows what it did not know, and asks again three seconds later. */
function poll(agent, show) {
  const look = async () => {
    const { items } = await agent.api('GET', '/offers')
    for (const offer of items) show(offer.call.from_number)
  }
  return setInterval(look, POLL)
}
