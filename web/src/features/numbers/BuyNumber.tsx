//! The last question before money is spent, the purchase as it goes on, and what came of it.
import { Alert, Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '@/api/client'
import { isCode, sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import { phoneNumber } from '@/lib/phoneNumbers'
import classes from './NumberShop.module.css'
import { numbersKey, ordersKey, useOrders } from './queries'
import type { Available, Order, OurNumber, Papers } from './shapes'
import { type Chosen, monthlyWords, typeWords } from './words'

interface BuyNumberProps {
  wanted: Available & { country: string }
  papers: Papers
  chosen: Chosen
  onBought: (number: OurNumber) => void
  onClose: () => void
}

export function BuyNumber({ wanted, papers, chosen, onBought, onClose }: BuyNumberProps) {
  const cache = useQueryClient()
  const { country } = useSession().organization
  const [label, setLabel] = useState('')
  // One key for this question: the same click sent twice buys one number.
  const [key] = useState(() => crypto.randomUUID())
  const buy = useMutation({
    mutationFn: () =>
      api.post<OurNumber | { order: Order }>(
        '/numbers/purchase',
        {
          number: wanted.number,
          country: wanted.country,
          type: wanted.type,
          bundle_sid: chosen.bundle ?? undefined,
          address_sid: chosen.address ?? undefined,
          label: label.trim() || undefined,
        },
        { 'Idempotency-Key': key },
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: ordersKey }),
  })
  const order = buy.data && 'order' in buy.data ? buy.data.order : null
  const outcome = useOutcome(order)
  const number = buy.data && !order ? (buy.data as OurNumber) : outcome.number
  const failure = buy.error ?? outcome.failure
  const shown = phoneNumber(wanted.number, country)
  const busy = buy.isPending || (order !== null && !number && !failure)
  // What was searched holds a number that is sold now, and the list lacks one.
  useEffect(() => {
    if (!number) return
    void cache.invalidateQueries({ queryKey: numbersKey })
    void cache.invalidateQueries({ queryKey: ['number-search'] })
  }, [number, cache])
  if (number) return <Bought number={number} shown={shown} onBought={onBought} />
  return (
    <Modal opened onClose={busy ? () => {} : onClose} title={`Buy ${shown}?`} withCloseButton={!busy}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          buy.mutate()
        }}
      >
        <Stack>
          <Text>
            {typeWords(wanted.type)} number
            {wanted.locality ? ` of ${wanted.locality}` : ''}, <strong>{monthlyWords(wanted.monthly)}</strong>
            , billed by the carrier from now on.
            <PapersWords papers={papers} chosen={chosen} />
          </Text>
          <TextInput
            label="Name"
            placeholder="Support line"
            data-autofocus
            maxLength={60}
            disabled={busy}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          {failure && (
            <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />}>
              {failureWords(failure)}
            </Alert>
          )}
          {order && busy && (
            <Alert color="blue" icon={<Loader size={16} />} role="status">
              {outcome.unknown
                ? 'The carrier’s answer was lost; it is being looked up. Nothing is bought twice.'
                : 'The carrier is being asked. You may leave; it goes on by itself.'}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {order ? 'Close' : 'Cancel'}
            </Button>
            {!isCode(failure, 'number_gone') && (
              <Button type="submit" loading={busy}>
                Buy for {monthlyWords(wanted.monthly)}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function PapersWords({ papers, chosen }: { papers: Papers; chosen: Chosen }) {
  const bundle = papers.bundles.find((each) => each.sid === chosen.bundle)
  const address = papers.addresses.find((each) => each.sid === chosen.address)
  const used = [bundle?.name, address?.name].filter(Boolean)
  return used.length > 0 ? <> With your papers: {used.join(' and ')}.</> : null
}

/** Follows an order until it is settled. */
function useOutcome(order: Order | null) {
  const orders = useOrders(order !== null)
  const [number, setNumber] = useState<OurNumber | null>(null)
  const now = orders.data?.find((each) => each.id === order?.id)
  const numberId = now?.state === 'done' ? now.number_id : null
  // The number that came of it is fetched once, when the order is done.
  useEffect(() => {
    if (numberId) void api.get<OurNumber>(`/numbers/${numberId}`).then(setNumber)
  }, [numberId])
  return {
    number,
    unknown: now?.state === 'unknown',
    failure:
      now?.state === 'failed' ? new Error(now.reason ?? 'The carrier refused it. Nothing was paid.') : null,
  }
}

function failureWords(failure: Error): string {
  if (isCode(failure, 'number_gone')) return 'Somebody else was faster: this number is sold. Choose another.'
  return sentence(failure)
}

function Bought(props: { number: OurNumber; shown: string; onBought: (number: OurNumber) => void }) {
  const { number, shown, onBought } = props
  const done = () => onBought(number)
  return (
    <Modal opened onClose={done} title={`${shown} is yours`}>
      <div className={classes.bought}>
        <Alert color="green" role="status" icon={<IconCircleCheck size={18} />}>
          It takes calls now. {number.way.sentence}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={done} data-autofocus>
            Continue
          </Button>
        </Group>
      </div>
    </Modal>
  )
}
