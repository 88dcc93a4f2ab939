//! The pages about numbers: our own, those that the account holds beside them, and others that may be shown to those we call.
import { paths } from '@/paths'
import { SubNav } from '@/shell/SubNav'

export function NumbersTabs() {
  return (
    <SubNav
      label="Numbers"
      entries={[
        { to: paths.numbers, label: 'Our numbers' },
        { to: paths.importNumbers, label: 'Import' },
        { to: paths.callerIds, label: 'Verified caller IDs' },
      ]}
    />
  )
}
