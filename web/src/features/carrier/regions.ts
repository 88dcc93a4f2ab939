//! The carrier's regions; each is an account of its own, with its own credentials.

export const regions = [
  { value: 'us1', label: 'United States (us1)' },
  { value: 'ie1', label: 'Ireland (ie1)' },
  { value: 'au1', label: 'Australia (au1)' },
]

export function regionWords(region: string | null | undefined): string {
  const value = region ?? 'us1'
  return regions.find((each) => each.value === value)?.label ?? value
}
