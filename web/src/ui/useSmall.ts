//! Whether the page is too narrow for a table: then its rows become a list.
import { useMediaQuery } from '@mantine/hooks'

export function useSmall(): boolean {
  return useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false }) ?? false
}
