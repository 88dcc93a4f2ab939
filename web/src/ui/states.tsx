//! What a list or page shows when it has nothing to show yet: loading, empty, filtered away, failed, offline.
import { Alert, Button, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconAlertTriangle, IconFilterOff, IconWifiOff } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { sentence } from '@/api/errors'
import classes from './states.module.css'

/** Rows in the list's final shape; nothing at all during the first 300 ms. */
export function LoadingRows({ rows = 8, height = 56 }: { rows?: number; height?: number }) {
  const shown = useLate()
  return (
    <div role="status" aria-label="Loading" className={classes.rows}>
      {shown &&
        Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
          <div key={row} className={classes.row} style={{ height }}>
            <Skeleton circle height={32} />
            <div className={classes.lines}>
              <Skeleton height={10} width={`${55 - (row % 3) * 8}%`} />
              <Skeleton height={8} width={`${35 + (row % 4) * 6}%`} />
            </div>
            <Skeleton height={8} width={56} />
          </div>
        ))}
    </div>
  )
}

function useLate(): boolean {
  const [late, setLate] = useState(false)
  // A timer: most answers arrive sooner, and a flash of grey is worse than nothing.
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return late
}

interface NothingProps {
  icon: ComponentType<{ size?: number; stroke?: number }>
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** Says what belongs here and the one next step. */
export function Empty({ icon: Icon, title, children, action }: NothingProps) {
  return (
    <Stack align="center" justify="center" gap="sm" className={classes.nothing}>
      <ThemeIcon size={48} radius="xl" variant="light" color="gray">
        <Icon size={24} stroke={1.5} />
      </ThemeIcon>
      <Title order={2} ta="center">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" ta="center" maw={360} component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}

export function NothingMatches({ what, onClear }: { what: string; onClear: () => void }) {
  return (
    <Empty
      icon={IconFilterOff}
      title={`No ${what} match`}
      action={
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      Nothing fits the filters and the search that are set.
    </Empty>
  )
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div role="alert">
      <Empty
        icon={IconAlertTriangle}
        title="This could not be loaded"
        action={
          <Button variant="default" onClick={onRetry}>
            Retry
          </Button>
        }
      >
        {sentence(error)}
      </Empty>
    </div>
  )
}

/** A whole page that broke; the phone beside it goes on. */
export function PageFailed({ error, reset }: { error: unknown; reset?: () => void }) {
  return <Failed error={error} onRetry={() => (reset ? reset() : location.reload())} />
}

export function OfflineNotice() {
  return (
    <Alert
      color="yellow"
      variant="light"
      radius={0}
      icon={<IconWifiOff size={18} />}
      className={classes.offline}
    >
      The connection to the server is gone. What you see may be old; it comes back by itself.
    </Alert>
  )
}
