//! The carrier could not be asked: without an account the next step is to connect one, otherwise to try again.
import { Button } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { isCode } from '@/api/errors'
import { useMay } from '@/api/session'
import { paths } from '@/paths'
import { Empty, Failed } from '@/ui/states'

export function NotListed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const mayConnect = useMay('manage_carrier')
  if (!isCode(error, 'no_carrier')) return <Failed error={error} onRetry={onRetry} />
  return (
    <Empty
      icon={IconPlugConnected}
      title="No Twilio account is connected"
      action={
        mayConnect && (
          <Button component={Link} to={paths.carrier}>
            Connect Twilio
          </Button>
        )
      }
    >
      Numbers come from your own Twilio account: connect it first.
    </Empty>
  )
}
