//! What came of testing the connection: green, or red with the reason and the cure.
import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { sentence } from '@/api/errors'
import type { Verdict } from './carrier'
import classes from './settings.module.css'

const NAMES: Record<string, string> = {
  credentials: 'Credentials',
  account: 'Account',
  api_key: 'API key',
  twiml_app: 'TwiML App',
  numbers: 'Numbers',
}

export function Verdicts({ verdict, error }: { verdict: Verdict | undefined; error: unknown }) {
  if (error)
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />} title="The test could not run">
        {sentence(error)}
      </Alert>
    )
  if (!verdict) return null
  return (
    <Alert
      color={verdict.ok ? 'green' : 'red'}
      role="status"
      icon={verdict.ok ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
      title={verdict.ok ? 'The connection works' : 'Something is in the way'}
    >
      <ul className={classes.checks}>
        {verdict.checks.map((check) => (
          <li key={check.name} data-ok={check.ok}>
            {check.ok ? (
              <IconCircleCheck size={16} aria-label="Works" />
            ) : (
              <IconAlertTriangle size={16} aria-label="Problem" />
            )}
            <span>
              <strong>{NAMES[check.name] ?? check.name}.</strong> {check.detail}
              {check.cure && <em className={classes.cure}>{check.cure}</em>}
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  )
}
