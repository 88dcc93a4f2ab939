//! Purchases that are not settled yet, and those that failed a moment ago: a reload forgets none.
import { Alert, Loader, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useSession } from '@/api/session'
import { useClock } from '@/lib/clock'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from './NumbersPage.module.css'
import { isOpen, numbersKey, useOrders } from './queries'
import type { Order } from './shapes'

/** A failure is news for so long; afterwards it is history. */
const NEWS_MS = 60 * 60_000

export function OpenOrders() {
  const cache = useQueryClient()
  const orders = useOrders()
  const now = useClock(30_000)
  const open = orders.data?.filter(isOpen).length ?? 0
  const before = useRef(open)
  // A purchase that was settled elsewhere made a number: the list is asked again.
  useEffect(() => {
    if (open < before.current) void cache.invalidateQueries({ queryKey: numbersKey })
    before.current = open
  }, [open, cache])
  const shown = orders.data?.filter(
    (order) => isOpen(order) || (order.state === 'failed' && now - new Date(order.at).getTime() < NEWS_MS),
  )
  return (
    <div className={classes.orders} role="status">
      {shown?.map((order) => (
        <OneOrder key={order.id} order={order} />
      ))}
    </div>
  )
}

function OneOrder({ order }: { order: Order }) {
  const { country } = useSession().organization
  const shown = phoneNumber(order.number, country)
  if (order.state === 'failed')
    return (
      <Alert color="red" icon={<IconAlertTriangle size={18} />} title={`${shown} was not bought`}>
        {order.reason ?? 'The carrier refused it. Nothing was paid.'}
      </Alert>
    )
  return (
    <Alert color="blue" icon={<Loader size={16} />} title={`Buying ${shown}`}>
      <Text>
        {order.state === 'unknown'
          ? 'The carrier’s answer was lost; it is being looked up. Nothing is bought twice.'
          : 'The carrier is being asked.'}
      </Text>
    </Alert>
  )
}
