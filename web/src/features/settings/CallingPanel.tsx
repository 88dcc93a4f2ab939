//! How one's own calls are set up: read here, changed by who manages users.
import { useSession } from '@/api/session'
import { useNumbers } from '@/features/numbers/queries'
import { recordWords } from '@/features/numbers/recording'
import { useCalling } from '@/features/users/calling'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Panel } from '@/ui/Panel'
import { Failed, LoadingRows } from '@/ui/states'
import classes from './settings.module.css'

const RECORDED = { organization: 'As the number and the organization say', always: 'Always', never: 'Never' }

export function CallingPanel() {
  const { user, organization } = useSession()
  const calling = useCalling(user.id)
  const numbers = useNumbers()
  if (calling.isPending) return <LoadingRows rows={3} />
  const mine = numbers.data?.items.find((each) => each.id === calling.data?.number_id)?.number
  const phone = (number: string | null | undefined, none: string) =>
    number ? phoneNumber(number, organization.country) : none
  const rows = calling.data && [
    ['Assigned number', phone(mine, 'None')],
    ['Caller ID', phone(calling.data.caller_id, 'The assigned number, or the organization’s first')],
    ['Recorded', RECORDED[recordWords(calling.data.record)]],
    ['Voicemail', calling.data.voicemail ? 'On' : 'Off'],
    ['Every call goes on to', phone(calling.data.forward_always, 'Nowhere')],
    ['When busy', phone(calling.data.forward_on_busy, 'Not forwarded')],
    ['When not answered', phone(calling.data.forward_on_no_answer, 'Not forwarded')],
    ['Own phone', phone(calling.data.own_phone, 'None')],
  ]
  return (
    <Panel title="Your calls" about="An admin changes these under Users.">
      {calling.isError && <Failed error={calling.error} onRetry={() => void calling.refetch()} />}
      {rows && (
        <dl className={classes.facts}>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}
