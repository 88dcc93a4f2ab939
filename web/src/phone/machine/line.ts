//! The line of this tab: it joins, drops, and comes back by itself while the call goes on.
import type { Call } from '@/api/types'
import { NO_SILENCE } from '../silence'
import { type ActiveCall, agentIsIn, isOver, type PhoneState } from '../state'
import { begin, callChanged, ended, join } from './call'
import { type EventOf, type Next, stay } from './events'

/** The carrier's word about an ended call usually comes a moment after the line drops. */
const DROP_SETTLES_MS = 700
const REJOIN_AFTER_MS = [0, 800, 1_500, 2_500, 4_000, 6_000]

type LineEvent = EventOf<'line' | 'quality' | 'silence' | 'checked' | 'check_failed' | 'owner_overdue'>

export function line(state: PhoneState, event: LineEvent): Next {
  const active = state.active
  if (event.type === 'checked') return checked(state, event.callId, event.call)
  if (active?.call.id !== event.callId) return stay(state)
  switch (event.type) {
    case 'quality':
      return stay({ ...state, active: { ...active, quality: event.level } })
    case 'silence':
      return stay({ ...state, active: { ...active, silence: event.silence } })
    case 'check_failed':
      return retry(state, active)
    case 'owner_overdue':
      return active.line === 'elsewhere' && !active.carried && !agentIsIn(active.call) && !state.owner
        ? stay(state, { do: 'take_device' })
        : stay(state)
    case 'line':
      if (event.state === 'joined') {
        return stay(
          { ...state, active: { ...active, line: 'joined', attempts: 0 } },
          { do: 'remember', callId: active.call.id },
          ...(active.muted ? [{ do: 'mute', on: true } as const] : []),
        )
      }
      return event.state === 'left' ? dropped(state, active) : stay(state)
  }
}

function dropped(state: PhoneState, active: ActiveCall): Next {
  if (active.ending || active.line === 'elsewhere' || active.line === 'none') return stay(state)
  if (active.line !== 'joined') return retry(state, active)
  return stay(
    { ...state, active: { ...active, line: 'dropped', quality: null, silence: NO_SILENCE } },
    { do: 'check', callId: active.call.id, ms: DROP_SETTLES_MS },
  )
}

function retry(state: PhoneState, active: ActiveCall): Next {
  const wait = REJOIN_AFTER_MS[active.attempts]
  if (wait === undefined) return stay({ ...state, active: { ...active, line: 'failed' } })
  return stay(
    {
      ...state,
      active: {
        ...active,
        line: active.line === 'dropped' ? 'dropped' : 'rejoining',
        attempts: active.attempts + 1,
      },
    },
    { do: 'check', callId: active.call.id, ms: wait },
  )
}

/** The server's word about a call whose line dropped, or which somebody wants this device to join. */
function checked(state: PhoneState, callId: string, call: Call | null): Next {
  const active = state.active
  if (!active || active.call.id !== callId) {
    const wanted = call && !isOver(call) && call.agent?.id === state.me && !active && state.owner
    if (!wanted) return stay(state)
    if (agentIsIn(call)) return stay({ ...state, active: begin(call, 'none') })
    return join({ ...state, after: null, active: begin(call, 'joining') }, 'joining')
  }
  if (!call) return ended(state, active, { ...active.call, status: 'completed', phase: 'ended' })
  const next = callChanged(state, call)
  const still = next.state.active
  if (!still || still.call.id !== callId || next.effects.length > 0) return next
  if (still.line === 'waiting' && agentIsIn(call)) {
    return stay({ ...next.state, active: { ...still, line: 'none' } })
  }
  if (still.line === 'dropped' || still.line === 'rejoining') return join(next.state, 'rejoining')
  if (still.line === 'waiting' || (still.line === 'none' && call.phase === 'connecting'))
    return join(next.state, 'joining')
  return next
}
