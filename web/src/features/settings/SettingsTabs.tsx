//! The pages of the settings; who may not touch the carrier sees only one, and no tabs.
import { useMay } from '@/api/session'
import { paths } from '@/paths'
import { SubNav } from '@/shell/SubNav'

export function SettingsTabs() {
  const carrier = useMay('manage_carrier')
  if (!carrier) return null
  return (
    <SubNav
      label="Settings"
      entries={[
        { to: paths.settings, label: 'General' },
        { to: paths.carrier, label: 'Carrier' },
      ]}
    />
  )
}
