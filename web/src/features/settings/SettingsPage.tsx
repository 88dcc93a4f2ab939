//! Settings: what callers hear, who may do how much; each person's own password.
import { useMay } from '@/api/session'
import { PageHeader } from '@/shell/PageHeader'
import { Panels } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import { ApiKeysPanel } from './ApiKeysPanel'
import { CallingPanel } from './CallingPanel'
import { CallsPanel } from './CallsPanel'
import { LimitsPanel } from './LimitsPanel'
import { OrganizationPanel } from './OrganizationPanel'
import { useOrganization } from './organization'
import { PasswordPanel } from './PasswordPanel'
import { SettingsTabs } from './SettingsTabs'

export default function SettingsPage() {
  const organization = useMay('manage_organization')
  const keys = useMay('manage_api_keys')
  return (
    <>
      <PageHeader title="Settings" />
      <Panels>
        <SettingsTabs />
        {organization && <Organization />}
        {keys && <ApiKeysPanel />}
        <CallingPanel />
        <PasswordPanel />
      </Panels>
    </>
  )
}

function Organization() {
  const organization = useOrganization()
  if (organization.isPending) return <LoadingRows rows={4} />
  if (organization.isError)
    return <Failed error={organization.error} onRetry={() => void organization.refetch()} />
  return (
    <>
      <OrganizationPanel stored={organization.data} />
      <CallsPanel stored={organization.data} />
      <LimitsPanel stored={organization.data} />
    </>
  )
}
