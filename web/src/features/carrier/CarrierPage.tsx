//! Settings, carrier: the accounts, what differs there, the auth token, and the addresses for who sets up by hand.
import { PageHeader } from '@/shell/PageHeader'
import { CopyLine } from '@/ui/CopyLine'
import { Panel, Panels } from '@/ui/Panel'
import { SettingsTabs } from '../settings/SettingsTabs'
import { Accounts } from './Accounts'
import classes from './carrier.module.css'
import { Drift } from './Drift'
import { useCarrier } from './queries'
import { RotationPanel } from './RotationPanel'

export default function CarrierPage() {
  const carrier = useCarrier()
  return (
    <>
      <PageHeader title="Settings" />
      <Panels>
        <SettingsTabs />
        <Accounts />
        {carrier.data?.connected && (
          <>
            <Drift />
            <RotationPanel />
          </>
        )}
        {carrier.data && (
          <Panel
            title="Webhook addresses"
            about="Set at the carrier by itself. For another program’s numbers, or to compare by hand: all as HTTP POST."
          >
            <div className={classes.pair}>
              <CopyLine label="Each number: A call comes in" value={carrier.data.webhooks.number_voice} />
              <CopyLine
                label="Each number: Call status changes"
                value={carrier.data.webhooks.number_status}
              />
              <CopyLine label="TwiML App: Request URL" value={carrier.data.webhooks.app_voice} />
              <CopyLine label="TwiML App: Status callback URL" value={carrier.data.webhooks.app_status} />
            </div>
          </Panel>
        )}
      </Panels>
    </>
  )
}
