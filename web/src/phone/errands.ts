//! What the phone asks of the server, and what each answer means to it.
import { acceptOffer, declineOffer, getCall, hangUp, holdCall, patchCall, startCall } from '@/api/calls'
import { ApiError, isCode, sentence } from '@/api/errors'
import type { Effect, PhoneEvent } from './machine/events'

const NOTE_SETTLES_MS = 1_000

export type Say = (words: string, tone: 'plain' | 'good' | 'bad') => void

export class Errands {
  private noteTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly send: (event: PhoneEvent) => void,
    private readonly say: Say,
  ) {}

  /** The effects that wait for the server's answer. */
  async ask(effect: Effect): Promise<void> {
    switch (effect.do) {
      case 'accept':
        return this.sendAccept(effect.offerId)
      case 'decline':
        return declineOffer(effect.offerId).then(
          () => this.send({ type: 'declined', offerId: effect.offerId }),
          (error) => this.send(declineFailed(effect.offerId, error)),
        )
      case 'dial':
        return this.sendDial(effect)
      case 'check':
        return this.check(effect.callId, effect.ms)
      case 'hang_up':
        return hangUp(effect.callId).catch((error) => this.hangUpFailed(effect.callId, error))
      case 'hold':
        return holdCall(effect.callId, effect.on).catch((error) =>
          this.send({ type: 'hold_failed', words: sentence(error) }),
        )
      case 'save':
        return this.sendSave(effect)
    }
  }

  private async sendAccept(offerId: string): Promise<void> {
    try {
      const { call } = await acceptOffer(offerId)
      this.send({ type: 'accepted', offerId, call })
    } catch (error) {
      const gone = error instanceof ApiError && [404, 409, 410].includes(error.status)
      const who = error instanceof ApiError ? error.by : undefined
      let words = sentence(error)
      if (isCode(error, 'already_claimed')) words = `${who ? who.split(' ')[0] : 'Somebody else'} took it.`
      if (isCode(error, 'caller_gone')) words = 'The caller hung up.'
      this.send({ type: 'accept_refused', offerId, words, gone })
    }
  }

  private async sendDial(effect: Extract<Effect, { do: 'dial' }>): Promise<void> {
    const key = crypto.randomUUID()
    const body = { to: effect.to, from: effect.from, contact_id: effect.contactId }
    try {
      const answer = await startCall(body, key).catch((error) => {
        // The answer was lost, perhaps not the call: the same key asks for the same call.
        if (error instanceof ApiError) throw error
        return startCall(body, key)
      })
      this.send({ type: 'dialled', call: answer })
    } catch (error) {
      this.send({ type: 'dial_refused', words: sentence(error) })
    }
  }

  private async check(callId: string, ms: number): Promise<void> {
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
    try {
      this.send({ type: 'checked', callId, call: await getCall(callId) })
    } catch (error) {
      if (error instanceof ApiError && error.status === 404)
        this.send({ type: 'checked', callId, call: null })
      else this.send({ type: 'check_failed', callId })
    }
  }

  private hangUpFailed(callId: string, error: unknown): void {
    // Already over: its end is on the way, or is asked for.
    if (error instanceof ApiError && (error.status === 404 || error.status === 409))
      void this.check(callId, 0)
    else this.send({ type: 'hang_up_failed', words: sentence(error) })
  }

  private async sendSave(effect: Extract<Effect, { do: 'save' }>): Promise<void> {
    clearTimeout(this.noteTimer)
    clearTimeout(this.noteTimer)
    const change = {
      note: effect.note,
      disposition: effect.disposition ?? undefined,
      draft: effect.quiet || undefined,
    }
    try {
      await patchCall(effect.callId, change)
      if (!effect.quiet) this.send({ type: 'saved' })
    } catch (error) {
      if (effect.quiet) this.say(`The note was not saved: ${sentence(error)}`, 'bad')
      else this.send({ type: 'save_failed', words: sentence(error) })
    }
  }

  /** A draft: whenever it arrives, it ends no wrap-up. */
  keepNote(callId: string, text: string): void {
    clearTimeout(this.noteTimer)
    this.noteTimer = setTimeout(() => {
      patchCall(callId, { note: text, draft: true }).catch(() => {
        // Kept on the screen; Save sends it again.
      })
    }, NOTE_SETTLES_MS)
  }
}

function declineFailed(offerId: string, error: unknown): PhoneEvent {
  if (error instanceof ApiError && [404, 409].includes(error.status)) return { type: 'declined', offerId }
  return { type: 'decline_failed', offerId, words: sentence(error) }
}
