//! `Go available` / `Go away`: one button, always visible, with the reasons for being away in a menu beside it.
import { Button, Group, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sentence } from '@/api/errors'
import { availabilityQuery, setAvailability } from '@/api/presence'
import type { Presence } from '@/api/types'
import { usePhoneState } from '@/phone/PhoneProvider'
import { toast } from '@/ui/toast'
import classes from './Availability.module.css'
import { AWAY_REASONS } from './awayReasons'

const WORDS = {
  available: 'Available',
  busy: 'On a call',
  wrap_up: 'Wrap-up',
  away: 'Away',
  offline: 'Offline',
} as const

/** What colleagues see, or why the choice to be available does not count yet. */
function words(presence: Presence | undefined, connecting: boolean): string {
  if (!presence) return WORDS.offline
  const { state, chosen, reason } = presence
  if (chosen === 'available' && (state === 'away' || state === 'offline'))
    return connecting ? 'Connecting' : 'Not ready'
  return state === 'away' && reason ? reason : WORDS[state]
}

/** Between the page's beginning and the moment in which colleagues see that the device is ready. */
function useConnecting(): boolean {
  const { owner, device, peer } = usePhoneState()
  const now = owner ? device : (peer ?? 'connecting')
  const ready = now === 'ready'
  const [settled, setSettled] = useState(false)
  // A ready device is told to the server at once; its word about it comes a moment later.
  useEffect(() => {
    if (!ready) return setSettled(false)
    const timer = setTimeout(() => setSettled(true), 2_000)
    return () => clearTimeout(timer)
  }, [ready])
  return now === 'connecting' || now === 'none' || (ready && !settled)
}

export function Availability({ onGoAvailable }: { onGoAvailable?: () => void }) {
  const { data: presence } = useQuery(availabilityQuery)
  const change = useMutation({
    mutationFn: setAvailability,
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  const connecting = useConnecting()
  const state = presence?.state ?? 'offline'
  const chosen = change.isPending
    ? change.variables.state
    : (presence?.chosen ?? (state === 'available' ? 'available' : 'away'))
  const available = chosen === 'available'
  return (
    <Group gap={0} wrap="nowrap" className={classes.box} data-state={state}>
      <span className={classes.state} aria-live="polite">
        <span className={classes.dot} aria-hidden />
        <span className={classes.words}>{words(presence, connecting)}</span>
      </span>
      <Button.Group>
        <Button
          size="compact-md"
          className={classes.main}
          variant={available ? 'default' : 'filled'}
          onClick={() => {
            if (!available) onGoAvailable?.()
            change.mutate({ state: available ? 'away' : 'available' })
          }}
        >
          {available ? 'Go away' : 'Go available'}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              size="compact-md"
              px={6}
              className={classes.main}
              variant={available ? 'default' : 'filled'}
              aria-label="Reasons for being away"
            >
              <IconChevronDown size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Away for</Menu.Label>
            {AWAY_REASONS.map((reason) => (
              <Menu.Item key={reason} onClick={() => change.mutate({ state: 'away', reason })}>
                {reason}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
    </Group>
  )
}
