//! The minute after a call: note, disposition, Save.
import type { PhoneState } from '../state'
import { type Effect, type EventOf, type Next, stay } from './events'

type AfterEvent = EventOf<'note' | 'save' | 'saved' | 'save_failed' | 'wrap_up_over' | 'dismiss'>

export function afterwards(state: PhoneState, event: AfterEvent): Next {
  const { active, after } = state
  if (event.type === 'note') {
    if (active) {
      return stay(
        { ...state, active: { ...active, note: event.text } },
        { do: 'keep_note', callId: active.call.id, text: event.text },
      )
    }
    if (!after) return stay(state)
    return stay(
      { ...state, after: { ...after, note: event.text } },
      { do: 'keep_note', callId: after.call.id, text: event.text },
    )
  }
  if (!after) return stay(state)
  switch (event.type) {
    case 'save':
      return stay(
        { ...state, after: { ...after, saving: true } },
        { do: 'save', callId: after.call.id, note: after.note, disposition: event.disposition, quiet: false },
      )
    case 'saved':
      return stay({ ...state, after: null }, { do: 'say', words: 'Saved.', tone: 'good' })
    case 'save_failed':
      return stay(
        { ...state, after: { ...after, saving: false } },
        { do: 'say', words: event.words, tone: 'bad' },
      )
    case 'wrap_up_over': {
      // What was typed is kept even when Save was never pressed.
      const unsaved = after.note.trim() !== (after.call.note ?? '').trim()
      const keep: Effect[] = unsaved
        ? [{ do: 'save', callId: after.call.id, note: after.note, disposition: null, quiet: true }]
        : []
      return stay({ ...state, after: null }, ...keep)
    }
    case 'dismiss':
      return stay({ ...state, after: null })
  }
}
