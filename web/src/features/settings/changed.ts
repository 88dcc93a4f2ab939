//! What differs between what is stored and what was typed: only that is sent.

export function changed<T extends object>(before: T, after: T): Partial<T> {
  const differs = (key: keyof T) => JSON.stringify(before[key]) !== JSON.stringify(after[key])
  const keys = (Object.keys(after) as (keyof T)[]).filter(differs)
  return Object.fromEntries(keys.map((key) => [key, after[key]])) as Partial<T>
}

export function isEmpty(change: object): boolean {
  return Object.keys(change).length === 0
}
