//! One voicemail in the list: whether it is new, who left it, when, how long.
import { IconCircleFilled, IconRecordMail } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { duration } from '@/lib/format'
import { moveByArrows } from '@/lib/moveByArrows'
import { partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from '@/ui/ListRow.module.css'
import { PersonName } from '@/ui/Person'
import { When } from '@/ui/When'
import { isNew, type Voicemail } from './voicemail'

export function VoicemailRow({ voicemail, selected }: { voicemail: Voicemail; selected: boolean }) {
  const { organization } = useSession()
  const { call } = voicemail
  const country = organization.country
  const second = [
    call.queue?.name ?? null,
    call.contact ? phoneNumber(partyNumber(call), country) : null,
  ].filter(Boolean)
  return (
    <Link
      to="/voicemail/$voicemailId"
      params={{ voicemailId: voicemail.id }}
      search
      className={classes.row}
      data-selected={selected || undefined}
      data-new={isNew(voicemail) || undefined}
      data-row
      onKeyDown={moveByArrows}
      aria-current={selected ? 'true' : undefined}
    >
      <span className={classes.icon} data-meaning={isNew(voicemail) ? 'waiting' : undefined}>
        <IconRecordMail size={20} stroke={1.6} aria-hidden />
      </span>
      <span className={classes.lines}>
        <span className={classes.line}>
          <span className={classes.name}>
            <PersonName name={partyName(call, country)} />
          </span>
          <span className={classes.when}>
            <When at={voicemail.created_at} short />
          </span>
        </span>
        <span className={classes.line}>
          <span className={`${classes.small} cut`}>{second.join(' · ')}</span>
          <span className={classes.state} data-meaning={isNew(voicemail) ? 'waiting' : undefined}>
            {isNew(voicemail) && <IconCircleFilled size={8} aria-hidden />}
            {isNew(voicemail) ? 'New' : 'Heard'}
            <span className="num">{duration(voicemail.seconds)}</span>
          </span>
        </span>
      </span>
    </Link>
  )
}
