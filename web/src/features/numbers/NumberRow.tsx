//! A number in the list: its name, where its calls go in a sentence and a small picture, and what it is.
import { Badge } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { moveByArrows } from '@/lib/moveByArrows'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from './NumbersPage.module.css'
import type { OurNumber } from './shapes'
import { WaySigns } from './WayPicture'
import { capabilityWords, emergencyWords, monthlyWords } from './words'

interface NumberRowProps {
  number: OurNumber
  owner: string | null
  drifts: boolean
  selected: boolean
}

export function NumberRow({ number, owner, drifts, selected }: NumberRowProps) {
  const { country } = useSession().organization
  const emergency = emergencyWords(number)
  const facts = [
    owner,
    capabilityWords(number.capabilities).join(', '),
    number.monthly && monthlyWords(number.monthly),
    emergency.tone === 'good' ? null : emergency.words,
  ].filter(Boolean)
  return (
    <Link
      to="/numbers/$numberId"
      params={{ numberId: number.id }}
      className={classes.row}
      data-selected={selected || undefined}
      data-row
      onKeyDown={moveByArrows}
    >
      <span className={classes.title}>
        <strong className="num">{phoneNumber(number.number, country)}</strong>
        {number.label && <bdi className={classes.label}>{number.label}</bdi>}
        {drifts && (
          <Badge variant="light" color="yellow" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
            Differs at the carrier
          </Badge>
        )}
      </span>
      <span className={classes.way}>
        <WaySigns way={number.way} />
        <span>{number.way.sentence}</span>
      </span>
      <span className={`${classes.facts} num`}>{facts.join(' · ')}</span>
    </Link>
  )
}
