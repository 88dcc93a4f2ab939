//! What a simulated phone does, in words, and as a choice.
import type { Behaviour, Persona } from './control'

export const OTHERS: readonly { value: string; label: string; behaviour: Behaviour }[] = [
  { value: 'busy', label: 'Is busy', behaviour: { kind: 'busy' } },
  { value: 'no_answer', label: 'Does not answer', behaviour: { kind: 'no_answer' } },
  { value: 'unreachable', label: 'Cannot be reached', behaviour: { kind: 'unreachable' } },
  { value: 'echo', label: 'Echoes what it hears', behaviour: { kind: 'echo' } },
  {
    value: 'machine',
    label: 'Is an answering machine',
    behaviour: {
      kind: 'machine',
      ring: 3,
      lines: [{ kind: 'text', value: 'Nobody is here. Please leave a message after the tone.' }],
      beep: true,
      stays: 60,
    },
  },
  { value: 'fax', label: 'Is a fax machine', behaviour: { kind: 'fax' } },
  { value: 'tone', label: 'Sounds a tone', behaviour: { kind: 'tone', hertz: 700, on: 250, off: 250 } },
]

const RINGS_FOR = 3

/** The behaviour that a choice stands for. */
export function behaviourOf(value: string): Behaviour | null {
  if (value.startsWith('persona-'))
    return { kind: 'answers', ring: RINGS_FOR, lines: [{ kind: 'bundled', value }], stays: null }
  return OTHERS.find((other) => other.value === value)?.behaviour ?? null
}

/** The choice that stands for a behaviour; null for one that only a program sets. */
export function choiceOf(behaviour: Behaviour): string | null {
  if (behaviour.kind === 'answers') {
    const [first] = behaviour.lines
    return behaviour.lines.length === 1 && first?.kind === 'bundled' && first.value.startsWith('persona-')
      ? first.value
      : null
  }
  return OTHERS.some((other) => other.value === behaviour.kind) ? behaviour.kind : null
}

export function behaviourWords(behaviour: Behaviour, personas: Persona[]): string {
  const choice = choiceOf(behaviour)
  const persona = personas.find((each) => each.name === choice)
  if (persona && behaviour.kind === 'answers') return `${persona.who} answers after ${behaviour.ring} s`
  if (behaviour.kind === 'answers') return `Answers after ${behaviour.ring} s with a script of its own`
  if (behaviour.kind === 'human') return 'Rings until a program answers'
  return OTHERS.find((other) => other.value === behaviour.kind)?.label ?? behaviour.kind
}
