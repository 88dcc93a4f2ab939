//! What came of testing the connection: green, or red with the reason and the cure.
import { Alert } from '@mantine/core'
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { sentence } from '@/api/errors'
import classes from './carrier.module.css'
import type { Check, Verdict } from './shapes'

const NAMES: Record<string, string> = {
  credentials: 'Credentials',
  account: 'Account',
  region: 'Region',
  voice: 'Voice',
  api_key: 'API key',
  twiml_app: 'TwiML App',
  numbers: 'Numbers',
  webhooks: 'Webhooks',
}

interface VerdictsProps {
  verdict: Verdict | null | undefined
  error?: unknown
  good?: string
  bad?: string
}

export function Verdicts({
  verdict,
  error,
  good = 'The connection works',
  bad = 'Something is in the way',
}: VerdictsProps) {
  if (error)
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />} title="The test could not run">
        {sentence(error)}
      </Alert>
    )
  if (!verdict) return null
  return (
    <div className={classes.verdict} data-ok={verdict.ok} role="status">
      <h3>
        {verdict.ok ? <IconCircleCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        {verdict.ok ? good : bad}
      </h3>
      <ul className={classes.checks}>
        {verdict.checks.map((check) => (
          <li key={check.name} data-tone={toneOf(check)}>
            <Sign check={check} />
            <span>
              <strong>{NAMES[check.name] ?? check.name.replaceAll('_', ' ')}.</strong> {check.detail}
              {check.cure && <em className={classes.cure}>{check.cure}</em>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function toneOf(check: Check): 'good' | 'poor' | 'bad' {
  if (!check.ok) return 'bad'
  return check.warning ? 'poor' : 'good'
}

function Sign({ check }: { check: Check }) {
  switch (toneOf(check)) {
    case 'good':
      return <IconCircleCheck size={16} aria-label="Works" />
    case 'poor':
      return <IconAlertCircle size={16} aria-label="Mind" />
    case 'bad':
      return <IconAlertTriangle size={16} aria-label="Problem" />
  }
}
