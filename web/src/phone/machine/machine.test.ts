import { describe, expect, it } from 'vitest'
import type { Call, Offer } from '@/api/types'
import { emptyPhone, type PhoneState, stageOf } from '../state'
import type { Effect, PhoneEvent } from './events'
import { reduce } from './reduce'

const ME = 'usr_ana'
const ana = { id: ME, name: 'Ana Lopez' }
const ben = { id: 'usr_ben', name: 'Ben Ito' }

function call(change: Partial<Call> = {}): Call {
  return {
    id: 'call_1',
    direction: 'inbound',
    status: 'ringing',
    phase: 'connecting',
    from_number: '+14155550123',
    to_number: '+14155550100',
    agent: ana,
    started_at: '2026-11-20T10:00:00Z',
    has_recording: false,
    has_transcript: false,
    ...change,
  }
}

const talking = call({ status: 'in-progress', phase: 'connected', answered_at: '2026-11-20T10:00:10Z' })
const agentLeg = {
  id: 'leg_a',
  role: 'agent',
  status: 'in-progress',
  started_at: '2026-11-20T10:00:00Z',
} as const

function offer(id = 'off_1'): Offer {
  return {
    id,
    call_id: 'call_1',
    from_number: '+14155550123',
    to_number: '+14155550100',
    waiting_since: '2026-11-20T10:00:00Z',
    offered_at: '2026-11-20T10:00:00Z',
    expires_at: '2026-11-20T10:00:30Z',
  }
}

/** Plays events one after the other and tells the end state, every effect, and the stages on the way. */
function play(events: PhoneEvent[], from: PhoneState = owner()) {
  let state = from
  const effects: Effect[] = []
  const stages: string[] = []
  for (const event of events) {
    const next = reduce(state, event)
    state = next.state
    effects.push(...next.effects)
    stages.push(state.active ? stageOf(state.active) : state.after ? 'after' : 'idle')
  }
  return { state, effects, stages, did: effects.map((effect) => effect.do) }
}

function owner(): PhoneState {
  return { ...emptyPhone(ME), owner: true, device: 'ready' }
}

const accepted: PhoneEvent[] = [
  { type: 'offered', offer: offer() },
  { type: 'accept', offerId: 'off_1' },
  { type: 'accepted', offerId: 'off_1', call: call() },
]
const joined: PhoneEvent = { type: 'line', callId: 'call_1', state: 'joined' }
const left: PhoneEvent = { type: 'line', callId: 'call_1', state: 'left' }
const connected: PhoneEvent[] = [...accepted, joined, { type: 'call', call: talking }]

describe('an incoming call', () => {
  it('T-state-machine: is accepted, joined, talked and ended by the other side into wrap-up', () => {
    const over = call({ status: 'completed', phase: 'wrap_up', wrap_up_ends_at: '2026-11-20T10:05:00Z' })
    const { stages, did, state } = play([...connected, { type: 'call', call: over }, left])
    expect(stages).toEqual(['idle', 'idle', 'connecting', 'connecting', 'connected', 'after', 'after'])
    expect(did).toEqual(['accept', 'remember', 'join', 'remember', 'leave', 'remember'])
    expect(state.active).toBeNull()
    expect(state.after?.endsAt).toBe('2026-11-20T10:05:00Z')
  })

  it('closes with the name of whoever was faster', () => {
    const { state, effects } = play([
      { type: 'offered', offer: offer() },
      { type: 'offer_closed', offerId: 'off_1', words: 'Ben took it.' },
    ])
    expect(state.offers).toEqual([])
    expect(effects).toEqual([{ do: 'say', words: 'Ben took it.', tone: 'plain' }])
  })

  it('is sent to the server once, however often Accept is pressed', () => {
    const { did } = play([
      { type: 'offered', offer: offer() },
      { type: 'accept', offerId: 'off_1' },
      { type: 'accept', offerId: 'off_1' },
    ])
    expect(did).toEqual(['accept'])
  })

  it('that somebody else won goes away and says so once, whichever word comes first', () => {
    const { state, effects } = play([
      { type: 'offered', offer: offer() },
      { type: 'accept', offerId: 'off_1' },
      { type: 'offer_closed', offerId: 'off_1', words: 'Ben took it.' },
      { type: 'accept_refused', offerId: 'off_1', words: 'Ben took it.', gone: true },
    ])
    expect(state.offers).toEqual([])
    expect(effects.filter((effect) => effect.do === 'say')).toHaveLength(1)
  })

  it('can be tried again after a failure that was not its end', () => {
    const { state } = play([
      { type: 'offered', offer: offer() },
      { type: 'accept', offerId: 'off_1' },
      { type: 'accept_refused', offerId: 'off_1', words: 'The server had a problem.', gone: false },
    ])
    expect(state.offers[0]?.busy).toBeNull()
  })

  it('stacks with others and cannot be accepted over a call that goes on', () => {
    const { state, did } = play([
      ...connected,
      { type: 'offered', offer: offer('off_2') },
      { type: 'offered', offer: offer('off_3') },
      { type: 'accept', offerId: 'off_2' },
    ])
    expect(state.offers.map((each) => each.id)).toEqual(['off_2', 'off_3'])
    expect(did.filter((each) => each === 'accept')).toHaveLength(1)
  })

  it('declined touches only this offer', () => {
    const { state } = play([
      { type: 'offered', offer: offer('off_1') },
      { type: 'offered', offer: offer('off_2') },
      { type: 'decline', offerId: 'off_1' },
      { type: 'declined', offerId: 'off_1' },
    ])
    expect(state.offers.map((each) => each.id)).toEqual(['off_2'])
  })
})

describe('ending a call', () => {
  it('asks the server and never just drops the line', () => {
    const { did, stages } = play([...connected, { type: 'hang_up' }, { type: 'hang_up' }])
    expect(did.filter((each) => each === 'hang_up')).toHaveLength(1)
    expect(did).not.toContain('leave')
    expect(stages.at(-1)).toBe('ending')
  })

  it('that failed can be tried again', () => {
    const { stages } = play([...connected, { type: 'hang_up' }, { type: 'hang_up_failed', words: 'no' }])
    expect(stages.at(-1)).toBe('connected')
  })

  it('is final: a late event of the same call brings nothing back', () => {
    const over = call({ status: 'completed', phase: 'ended' })
    const { state } = play([
      ...connected,
      { type: 'call', call: over },
      { type: 'dismiss' },
      { type: 'call', call: over },
    ])
    expect(state.active).toBeNull()
  })
})

describe('a line that drops', () => {
  it('asks first whether the call is over, and joins again by itself when it is not', () => {
    const { did, stages } = play([
      ...connected,
      left,
      { type: 'checked', callId: 'call_1', call: talking },
      joined,
    ])
    expect(did.slice(-4)).toEqual(['check', 'remember', 'join', 'remember'])
    expect(stages.slice(-3)).toEqual(['connected', 'rejoining', 'connected'])
  })

  it('because the call ended shows no rejoining at all', () => {
    const over = call({ status: 'completed', phase: 'ended' })
    const { stages } = play([...connected, left, { type: 'checked', callId: 'call_1', call: over }])
    expect(stages).not.toContain('rejoining')
    expect(stages.at(-1)).toBe('after')
  })

  it('offers Join call when joining by itself keeps failing', () => {
    const tries: PhoneEvent[] = Array.from({ length: 8 }, () => [
      { type: 'checked', callId: 'call_1', call: talking } as PhoneEvent,
      left,
    ]).flat()
    const failed = play([...connected, left, ...tries])
    expect(failed.stages.at(-1)).toBe('detached')
    const again = play([{ type: 'join_clicked' }], failed.state)
    expect(again.did).toContain('join')
    expect(again.stages.at(-1)).toBe('rejoining')
  })

  it('lets go of a caller who went back to the queue', () => {
    const waiting = call({ phase: 'waiting', agent: null })
    const { state, effects } = play([...connected, left, { type: 'call', call: waiting }])
    expect(state.active).toBeNull()
    expect(effects).toContainEqual({ do: 'say', words: 'The caller went back to the queue.', tone: 'plain' })
  })

  it('lets go of a call that somebody else has meanwhile', () => {
    const { state, did } = play([...connected, left, { type: 'call', call: { ...talking, agent: ben } }])
    expect(state.active).toBeNull()
    expect(did).toContain('leave')
  })

  it('keeps the microphone muted after coming back', () => {
    const { effects } = play([
      ...connected,
      { type: 'mute', on: true },
      left,
      { type: 'checked', callId: 'call_1', call: talking },
      joined,
    ])
    expect(effects.at(-1)).toEqual({ do: 'mute', on: true })
  })
})

describe('a page that opens during a call', () => {
  const live: PhoneEvent = {
    type: 'loaded',
    offers: [],
    before: [],
    call: talking,
    remembered: 'call_1',
    after: null,
  }

  it('rejoins by itself after a reload, whether the device or the list comes first', () => {
    const deviceFirst = play([{ type: 'owner', owner: true }, live], emptyPhone(ME))
    const listFirst = play([live, { type: 'owner', owner: true }], emptyPhone(ME))
    expect(deviceFirst.did).toEqual(['remember', 'join'])
    expect(listFirst.did).toEqual(['remember', 'join'])
    expect(deviceFirst.stages.at(-1)).toBe('rejoining')
  })

  it('does not pull a call away from another of the agent’s computers', () => {
    const there = { ...talking, legs: [agentLeg] }
    const { did, stages, state } = play([{ ...live, remembered: null, call: there }])
    expect(did).toEqual([])
    expect(stages).toEqual(['detached'])
    expect(play([{ type: 'join_clicked' }], state).did).toContain('join')
  })

  it('does not lose an offer that came while the list was on its way, nor bring a closed one back', () => {
    const { state } = play([
      { type: 'offered', offer: offer('off_2') },
      { type: 'offer_closed', offerId: 'off_1', words: null },
      { type: 'loaded', offers: [offer('off_1')], before: [], call: null, remembered: null, after: null },
    ])
    expect(state.offers.map((each) => each.id)).toEqual(['off_2'])
  })

  it('comes back to the wrap-up it was in', () => {
    const over = call({ status: 'completed', phase: 'wrap_up', wrap_up_ends_at: '2026-11-20T10:05:00Z' })
    const { state } = play([
      { type: 'loaded', offers: [], before: [], call: null, remembered: null, after: over },
    ])
    expect(state.after?.endsAt).toBe('2026-11-20T10:05:00Z')
  })
})

describe('two tabs of one agent', () => {
  const follower = (): PhoneState => ({ ...emptyPhone(ME), peer: 'ready' })

  it('let the tab that owns the device join what the other accepted', () => {
    const clicked = play(accepted, follower())
    expect(clicked.did).toEqual(['accept', 'ask_owner', 'await_owner'])
    const there = play([
      { type: 'asked_to_join', callId: 'call_1' },
      { type: 'checked', callId: 'call_1', call: call() },
    ])
    expect(there.did).toEqual(['check', 'remember', 'join'])
    const told = play(
      [
        { type: 'peer', device: 'ready', line: { callId: 'call_1', state: 'joining', muted: false } },
        { type: 'owner_overdue', callId: 'call_1' },
      ],
      clicked.state,
    )
    expect(told.did).toEqual([])
  })

  it('take over when the owner does not answer in time', () => {
    const clicked = play([...accepted, { type: 'owner_overdue', callId: 'call_1' }], follower())
    expect(clicked.did.at(-1)).toBe('take_device')
    expect(play([{ type: 'owner', owner: true }], clicked.state).did).toContain('join')
  })

  it('hand a running call over without letting go of it', () => {
    const { state, stages, did } = play([...connected, { type: 'owner', owner: false }])
    expect(state.active?.line).toBe('elsewhere')
    expect(stages.at(-1)).toBe('connected')
    expect(did).not.toContain('leave')
    expect(did).not.toContain('hang_up')
  })

  it('do not both join: a call claimed on another computer is left alone once its agent is in', () => {
    const begun = play([
      { type: 'call', call: call() },
      { type: 'join', callId: 'call_1' },
      { type: 'checked', callId: 'call_1', call: { ...call(), legs: [agentLeg] } },
    ])
    expect(begun.did).toEqual(['check'])
  })

  it('join what was accepted through the API, where nobody else does', () => {
    const begun = play([
      { type: 'call', call: call() },
      { type: 'join', callId: 'call_1' },
      { type: 'checked', callId: 'call_1', call: call() },
    ])
    expect(begun.did).toEqual(['check', 'remember', 'join'])
  })
})

describe('an outgoing call', () => {
  const dial: PhoneEvent = { type: 'dial', to: '+14155550199' }
  const out = (change: Partial<Call> = {}) =>
    call({ direction: 'outbound', to_number: '+14155550199', ...change })

  it('is made once for two clicks, joined, rings, is answered', () => {
    const { did, stages } = play([
      dial,
      dial,
      { type: 'dialled', call: out() },
      joined,
      { type: 'call', call: out({ customer_status: 'ringing' }) },
      { type: 'call', call: out({ status: 'in-progress', phase: 'connected' }) },
    ])
    expect(did).toEqual(['dial', 'remember', 'join', 'remember'])
    expect(stages).toEqual(['idle', 'idle', 'connecting', 'dialling', 'ringing', 'connected'])
  })

  it('that is direct rings before the line is up, and is answered with it', () => {
    const { did, stages } = play([
      { type: 'call', call: out() },
      { type: 'join', callId: 'call_1' },
      { type: 'checked', callId: 'call_1', call: out() },
      { type: 'call', call: out({ customer_status: 'initiated' }) },
      { type: 'call', call: out({ customer_status: 'ringing' }) },
      {
        type: 'call',
        call: out({ status: 'in-progress', phase: 'connected', customer_status: 'in-progress' }),
      },
      joined,
    ])
    expect(did).toContain('join')
    expect(stages.slice(-4)).toEqual(['connecting', 'ringing', 'connecting', 'connected'])
  })

  it('that is refused says why and costs nothing', () => {
    const { state } = play([dial, { type: 'dial_refused', words: 'Premium numbers are not allowed.' }])
    expect(state.refusal).toBe('Premium numbers are not allowed.')
    expect(state.dialling).toBeNull()
  })

  it('is one call even when its first event is faster than its answer', () => {
    const { did } = play([
      dial,
      { type: 'call', call: out() },
      { type: 'join', callId: 'call_1' },
      { type: 'dialled', call: out() },
    ])
    expect(did).toEqual(['dial', 'remember', 'join'])
  })

  it('busy ends in words, without wrap-up', () => {
    const { state, stages } = play([
      dial,
      { type: 'dialled', call: out() },
      joined,
      { type: 'call', call: out({ status: 'busy', phase: 'ended', outcome: 'busy' }) },
    ])
    expect(stages.at(-1)).toBe('after')
    expect(state.after?.endsAt).toBeNull()
  })
})

describe('what the event stream tells of a call', () => {
  it('is shown as it is told, and nothing is asked for', () => {
    const out = call({ direction: 'outbound' })
    const told: Call[] = [
      { ...out, customer_status: 'queued', dials_at: '2026-11-20T10:00:02Z' },
      { ...out, customer_status: 'ringing', dials_at: null },
      { ...out, status: 'in-progress', phase: 'connected', customer_status: 'in-progress', recording: true },
      { ...out, status: 'in-progress', phase: 'on_hold', recording: false, recording_paused: true },
    ]
    const begun = play([{ type: 'dial', to: '+14155550199' }, { type: 'dialled', call: out }, joined])
    const { state, stages, did } = play(
      told.map((each) => ({ type: 'call', call: each })),
      begun.state,
    )
    expect(did).toEqual([])
    expect(stages).toEqual(['dialling', 'ringing', 'connected', 'on_hold'])
    expect(state.active?.call).toMatchObject({ recording: false, recording_paused: true, dials_at: null })
  })
})

describe('hold', () => {
  it('is shown when the server says so, and not asked twice meanwhile', () => {
    const { stages, did, state } = play([
      ...connected,
      { type: 'hold', on: true },
      { type: 'hold', on: true },
      { type: 'call', call: { ...talking, phase: 'on_hold' } },
      { type: 'hold', on: false },
      { type: 'call', call: talking },
    ])
    expect(did.filter((each) => each === 'hold')).toHaveLength(2)
    expect(stages.slice(-3)).toEqual(['on_hold', 'on_hold', 'connected'])
    expect(state.active?.holding).toBeNull()
  })
})

describe('wrap-up', () => {
  const over = call({ status: 'completed', phase: 'wrap_up', wrap_up_ends_at: '2026-11-20T10:05:00Z' })

  it('keeps the note that was typed during the call and saves it with the disposition', () => {
    const { effects } = play([
      ...connected,
      { type: 'note', text: 'wants a quote' },
      { type: 'call', call: over },
      { type: 'save', disposition: 'interested' },
    ])
    expect(effects.at(-1)).toEqual({
      do: 'save',
      callId: 'call_1',
      note: 'wants a quote',
      disposition: 'interested',
      quiet: false,
    })
  })

  it('keeps what is typed as a draft, which ends nothing', () => {
    const { state, effects } = play([
      ...connected,
      { type: 'call', call: over },
      { type: 'note', text: 'late thought' },
    ])
    expect(state.after?.endsAt).toBe('2026-11-20T10:05:00Z')
    expect(effects.at(-1)).toEqual({ do: 'keep_note', callId: 'call_1', text: 'late thought' })
  })

  it('that runs out saves what was typed and goes away', () => {
    const { state, effects } = play([
      ...connected,
      { type: 'call', call: over },
      { type: 'note', text: 'late thought' },
      { type: 'wrap_up_over' },
    ])
    expect(state.after).toBeNull()
    expect(effects.at(-1)).toMatchObject({ do: 'save', note: 'late thought', quiet: true })
  })
})

describe('any shuffle of events', () => {
  it('never joins a call that is over, and never asks for more than one end', () => {
    const over = call({ status: 'completed', phase: 'ended' })
    const pool: PhoneEvent[] = [
      ...connected,
      left,
      { type: 'checked', callId: 'call_1', call: talking },
      { type: 'checked', callId: 'call_1', call: over },
      { type: 'call', call: over },
      { type: 'hang_up' },
      { type: 'hold', on: true },
      { type: 'owner', owner: false },
      { type: 'owner', owner: true },
      { type: 'join', callId: 'call_1' },
    ]
    let seed = 7
    let twice = 0
    let revived = 0
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed / 2147483648
    }
    for (let round = 0; round < 400; round += 1) {
      let state = owner()
      let ended = false
      for (let step = 0; step < 30; step += 1) {
        const event = pool[Math.floor(random() * pool.length)] as PhoneEvent
        const next = reduce(state, event)
        const active = state.active
        if (next.effects.some((effect) => effect.do === 'hang_up') && active?.ending) twice += 1
        if ((event.type === 'call' || event.type === 'checked') && event.call === over) {
          if (next.state.active?.call.id === 'call_1') revived += 1
          ended = true
        }
        if (ended && next.state.active?.call.status === 'completed') revived += 1
        state = next.state
      }
    }
    expect({ twice, revived }).toEqual({ twice: 0, revived: 0 })
  })
})
