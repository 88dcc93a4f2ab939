//! Lists come newest first; people are looked for by name.

/** The same people, in the order of their names. */
export function byName<T extends { name: string }>(people: T[]): T[] {
  return [...people].sort((a, b) => a.name.localeCompare(b.name))
}
