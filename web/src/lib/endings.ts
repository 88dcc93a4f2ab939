//! How a call ended, in words: who hung up, once there was somebody to hang up on.
import type { Call } from '@/api/types'

/** `me` is the reader, who is spoken to as such. Null where the outcome alone says it. */
export function endingWords(call: Call, me?: string): string | null {
  const by = call.ended_by
  if (!by) return null
  if (call.answered_at || call.outcome === 'answered' || call.outcome === 'forwarded')
    return together(call, me)
  if (call.outcome === 'failed' && by === 'system') {
    return call.agent?.id === me
      ? 'Your phone did not connect in time'
      : 'The agent’s phone did not connect in time'
  }
  if (call.outcome !== 'canceled' && call.outcome !== 'missed') return null
  if (by === 'agent') return `${ourSide(call, me)} ended the call before it was answered`
  if (by === 'supervisor') return 'A supervisor ended the call before it was answered'
  return by === 'carrier' ? 'The connection was lost before anybody answered' : null
}

function together(call: Call, me?: string): string {
  switch (call.ended_by) {
    case 'customer':
      return 'The customer hung up'
    case 'agent':
      return call.outcome === 'forwarded' ? 'The other phone hung up' : `${ourSide(call, me)} ended the call`
    case 'supervisor':
      return 'A supervisor ended the call'
    case 'system':
      return 'A time limit ended the call'
    default:
      return 'The connection was lost'
  }
}

function ourSide(call: Call, me?: string): string {
  if (!call.agent) return 'The agent'
  return call.agent.id === me ? 'You' : call.agent.name
}
