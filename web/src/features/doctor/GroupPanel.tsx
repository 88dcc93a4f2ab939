//! The checks of one group: what is wrong stands open with its cure, what is fine is one line.
import { Anchor, Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { plural } from '@/lib/format'
import { Panel } from '@/ui/Panel'
import classes from './doctor.module.css'
import { useCure } from './queries'
import type { Group } from './report'
import { StateSign } from './StateSign'
import type { Check, ErrorCode } from './shapes'

export function GroupPanel({ group }: { group: Group }) {
  const open = group.checks.filter((check) => check.state === 'failed' || check.state === 'warning')
  const calm = group.checks.filter((check) => check.state === 'ok' || check.state === 'skipped')
  return (
    <Panel title={group.title}>
      {open.length > 0 && <List checks={open} />}
      {calm.length > 0 &&
        (open.length === 0 && calm.length <= 3 ? (
          <List checks={calm} />
        ) : (
          <details className={classes.calm}>
            <summary>{plural(calm.length, 'check')} without a finding</summary>
            <List checks={calm} />
          </details>
        ))}
    </Panel>
  )
}

function List({ checks }: { checks: Check[] }) {
  return (
    <ul className={classes.list}>
      {checks.map((check) => (
        <One key={check.id} check={check} />
      ))}
    </ul>
  )
}

function One({ check }: { check: Check }) {
  const wrong = check.state === 'failed' || check.state === 'warning'
  return (
    <li className={classes.check}>
      <StateSign state={check.state} />
      <span className={classes.words}>
        <strong>{check.title}</strong>
        <span>{check.finding}</span>
        {wrong && check.cure && (
          <Text span c="dimmed">
            {check.cure}
          </Text>
        )}
        {check.codes && check.codes.length > 0 && <Codes codes={check.codes} />}
      </span>
      {wrong && <Repair check={check} />}
    </li>
  )
}

function Repair({ check }: { check: Check }) {
  const cure = useCure()
  if (!check.repair) return null
  const { action, target } = check.repair
  if (action === 'open') {
    if (/^https?:/.test(target))
      return (
        <Button
          component="a"
          href={target}
          target="_blank"
          rel="noreferrer"
          variant="default"
          size="compact-md"
          aria-label={`Open: ${check.title}`}
        >
          Open
        </Button>
      )
    return (
      <Button
        component={Link}
        to={target}
        variant="default"
        size="compact-md"
        aria-label={`Open: ${check.title}`}
      >
        Open
      </Button>
    )
  }
  return (
    <Button
      variant="default"
      size="compact-md"
      loading={cure.isPending}
      aria-label={`Repair: ${check.title}`}
      onClick={() => cure.mutate(check.id)}
    >
      Repair
    </Button>
  )
}

/** The carrier's own codes, each with what it means here. */
function Codes({ codes }: { codes: ErrorCode[] }) {
  return (
    <dl className={classes.codes}>
      {codes.map(({ code, meaning, cure }) => (
        <div key={code}>
          <dt className="num">
            <Anchor
              href={`https://www.twilio.com/docs/api/errors/${code}`}
              target="_blank"
              rel="noreferrer"
              inherit
            >
              {code}
            </Anchor>
          </dt>
          <dd>
            {meaning} {cure && <em>{cure}</em>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
