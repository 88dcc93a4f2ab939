//! One voicemail in the list: whether it is new, who left it, when, how long.
import { IconCircleFilled, IconRecordMail } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { duration } from '@/lib/format'
import { moveByArrows } from '@/lib/moveByArrows'
import { partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { PersonName } from '@/ui/Person'
import { When } from '@/ui/When'
import classes from './VoicemailRow.module.css'
import { isNew, type Voicemail } from './voicemail'

export function VoicemailRow({ voicemail, selected }: { voicemail: Voicemail; selected: boolean }) {
  const { organization } = useSession()
  const { call } = voicemail
  const country = organization.country
  const second = [
    call.contact ? phoneNumber(partyNumber(call), country) : null,
    call.queue?.name ?? null,
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
      <span className={classes.icon}>
        <IconRecordMail size={20} stroke={1.6} aria-hidden />
      </span>
      <span className={classes.who}>
        <span className={classes.name}>
          <PersonName name={partyName(call, country)} />
        </span>
        <span className={`${classes.second} cut`}>{second.join(' · ')}</span>
      </span>
      <span className={classes.what}>
        {isNew(voicemail) ? (
          <span className={classes.new}>
            <IconCircleFilled size={8} aria-hidden /> New
          </span>
        ) : (
          <span className={classes.second}>Heard</span>
        )}
        <span className={classes.second}>
          <When at={voicemail.created_at} />
        </span>
      </span>
      <span className={`${classes.length} num`}>{duration(voicemail.seconds)}</span>
    </Link>
  )
}
