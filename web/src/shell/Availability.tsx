//! `Go available` / `Go away`: one button, always visible, with the reasons for being away in a menu beside it.
import { Button, Group, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { sentence } from '@/api/errors'
import { availabilityQuery, setAvailability } from '@/api/presence'
import type { Presence } from '@/api/types'
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
function words(presence: Presence | undefined): string {
  if (!presence) return WORDS.offline
  const { state, chosen, reason } = presence
  if (chosen === 'available' && (state === 'away' || state === 'offline')) return 'Not ready'
  return state === 'away' && reason ? reason : WORDS[state]
}

export function Availability({ onGoAvailable }: { onGoAvailable?: () => void }) {
  const { data: presence } = useQuery(availabilityQuery)
  const change = useMutation({
    mutationFn: setAvailability,
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  const state = presence?.state ?? 'offline'
  const chosen = change.isPending
    ? change.variables.state
    : (presence?.chosen ?? (state === 'available' ? 'available' : 'away'))
  const available = chosen === 'available'
  return (
    <Group gap={0} wrap="nowrap" className={classes.box} data-state={state}>
      <span className={classes.state} aria-live="polite">
        <span className={classes.dot} aria-hidden />
        <span className={classes.words}>{words(presence)}</span>
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
