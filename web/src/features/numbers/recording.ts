//! Whether calls are recorded, as a choice of three: always, never, or as somebody above says.

export function recordWords(record: boolean | null | undefined): 'organization' | 'always' | 'never' {
  if (record === true) return 'always'
  return record === false ? 'never' : 'organization'
}

export function recordOf(words: string): boolean | null {
  if (words === 'always') return true
  return words === 'never' ? false : null
}
