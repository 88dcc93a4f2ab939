//! A step of a call in a person's words.
import type { DetailEvent } from './detail'

const WORDS: Record<string, string> = {
  begun: 'The call began',
  arrived: 'The call arrived',
  dialled: 'We dialled',
  answered: 'Answered',
  ended: 'The call ended',
  wait_requested: 'Waiting music began',
  queue_left: 'Left the queue',
  room_requested: 'On the way to the agent',
  next_requested: 'Asked what follows',
  room_dial_ended: 'Left the conversation',
  forward_ended: 'The other phone’s call ended',
  message_left: 'Left a message',
  agent_calls: 'The agent’s phone connected',
  joined: 'Joined the conversation',
  left: 'Left the conversation',
  room_ended: 'The conversation ended',
  recording_started: 'Recording began',
  recording: 'News of the recording',
  placed: 'The customer was dialled',
  place_refused: 'The customer could not be dialled',
  move_refused: 'Was gone before it could be connected',
  move_failed: 'The carrier could not be reached',
  accept: 'Accepted',
  decline: 'Declined',
  hang_up: 'Ended by the agent',
  hang_up_for: 'Ended by a supervisor',
  paced: 'Waiting for the carrier’s pace',
  hold: 'Put on hold',
  resume: 'Taken off hold',
  pause_recording: 'Recording paused',
  resume_recording: 'Recording goes on',
  wrapped_up: 'Wrap-up saved',
  annotated: 'Note or disposition saved',
  agents_free: 'Offered to who was free',
  agent_gone: 'The agent’s browser was gone',
  deadline: 'A time limit was reached',
  reconciled: 'Compared with the carrier',
}

const STATUS: Record<string, string> = {
  queued: 'Waiting to be dialled',
  initiated: 'Dialled',
  ringing: 'Ringing',
  'in-progress': 'Answered',
  completed: 'Hung up',
  busy: 'Busy',
  'no-answer': 'No answer',
  failed: 'Could not be reached',
  canceled: 'Called off',
}

export function eventWords(event: DetailEvent): string {
  if (event.type === 'leg') {
    const status = statusOf(event.payload)
    return STATUS[status ?? ''] ?? 'A leg changed'
  }
  const words = WORDS[event.type]
  if (words) return words
  const plain = event.type.replaceAll(/[_-]/g, ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** The carrier's word in what it sent: a form's field, or our own reading of it. */
function statusOf(payload: unknown): string | undefined {
  const said = (payload as { said?: unknown } | null)?.said
  if (typeof said !== 'object' || said === null) return undefined
  const fields = Array.isArray(said) ? Object.fromEntries(said as [string, string][]) : said
  const { CallStatus, call_status, status } = fields as Record<string, string | undefined>
  return CallStatus ?? call_status ?? status
}

/** Whether there is more to see than the words. */
export function hasData(event: DetailEvent): boolean {
  const { payload } = event
  return typeof payload === 'object' && payload !== null && Object.keys(payload).length > 0
}
