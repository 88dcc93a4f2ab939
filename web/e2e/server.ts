//! What the server itself says, asked as one of the demo's people.
import { inject } from 'vitest'
import { eventually } from './eventually'

export interface CallRow {
  id: string
  direction: string
  status: string
  phase: string
  outcome: string | null
  ended_by: string | null
  agent: { name: string } | null
  talk_seconds: number | null
  recordings?: { id: string; status: string; seconds: number | null }[]
}

export class Server {
  private constructor(private readonly token: string) {}

  static async as(name: string): Promise<Server> {
    const demo = inject('demo')
    const user = demo.users.find((each) => each.name === name)
    const answer = await fetch(`${demo.app}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: user?.email, password: user?.password }),
    })
    return new Server(((await answer.json()) as { token: string }).token)
  }

  async get<T>(path: string): Promise<T> {
    return (await this.raw(path)).json() as Promise<T>
  }

  async raw(path: string, request: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${inject('demo').app}/api/v1${path}`, {
      ...request,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer
  }

  /** Changes something; the answer, where there is one. */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.raw(path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    return (text ? JSON.parse(text) : undefined) as T
  }

  /** The newest call. */
  async lastCall(): Promise<CallRow> {
    const { items } = await this.get<{ items: CallRow[] }>('/calls?limit=1')
    if (!items[0]) throw new Error('no calls')
    return items[0]
  }

  /** The call's recording, once it has been fetched from the carrier. */
  async recording(callId: string): Promise<Buffer> {
    const ready = await eventually(
      `the recording of ${callId}`,
      async () => {
        const call = await this.get<CallRow>(`/calls/${callId}`)
        return call.recordings?.find((recording) => recording.status === 'ready')
      },
      30_000,
    )
    return Buffer.from(await (await this.raw(`/calls/${callId}/recordings/${ready.id}/audio`)).arrayBuffer())
  }
}
