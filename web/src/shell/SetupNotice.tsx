//! Until an account and a number are there no call can come: said on every page to who can change it.
import { Alert, Anchor } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import { useProgress } from '@/features/start/queries'
import { paths } from '@/paths'

export default function SetupNotice() {
  const { pathname } = useLocation()
  const next = useProgress().data?.next
  if (pathname === paths.start || (next !== 'carrier' && next !== 'number')) return null
  return (
    <Alert color="teal" radius={0} icon={<IconRocket size={18} />}>
      {next === 'carrier' ? 'No Twilio account is connected yet' : 'There is no phone number yet'}, so no call
      can come.{' '}
      <Anchor component={Link} to={paths.start} underline="always">
        Go on with the set-up
      </Anchor>
    </Alert>
  )
}
