//! One number: its way in a picture, what it is, what differs at the carrier, and its form.
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import type { DriftItem } from '@/features/carrier/shapes'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Confirm } from '@/ui/Confirm'
import { toast } from '@/ui/toast'
import { DriftNote } from './DriftNote'
import classes from './NumberDetail.module.css'
import { NumberForm } from './NumberForm'
import { numbersKey } from './queries'
import { ReleaseNumber } from './ReleaseNumber'
import type { OurNumber } from './shapes'
import { WayPicture } from './WayPicture'
import { capabilityWords, emergencyWords, monthlyWords, typeWords } from './words'

interface NumberDetailProps {
  number: OurNumber
  owner: string | null
  drift: DriftItem[]
  mayEdit: boolean
  onGone: () => void
}

export function NumberDetail({ number, owner, drift, mayEdit, onGone }: NumberDetailProps) {
  const { country } = useSession().organization
  const shown = phoneNumber(number.number, country)
  return (
    <Stack gap="lg" p="md" pt="lg">
      <div>
        <Title order={2} className="whole num">
          <bdi>{number.label || shown}</bdi>
        </Title>
        {number.label && <Text className="num quiet">{shown}</Text>}
      </div>
      <div>
        <WayPicture way={number.way} />
        <Text mt="sm">{number.way.sentence}</Text>
      </div>
      {drift.map((item) => (
        <DriftNote key={item.id} item={item} />
      ))}
      <Facts number={number} owner={owner} />
      {mayEdit && <NumberForm key={number.id} number={number} />}
      {mayEdit && <Endings number={number} shown={shown} onGone={onGone} />}
    </Stack>
  )
}

function Facts({ number, owner }: { number: OurNumber; owner: string | null }) {
  const can = capabilityWords(number.capabilities)
  const rows: [string, string | null][] = [
    ['Can do', can.length > 0 ? can.join(', ') : null],
    ['Type', number.type ? typeWords(number.type) : null],
    ['Costs', number.monthly ? monthlyWords(number.monthly) : null],
    ['Belongs to', owner],
    ['Emergency calls', emergencyWords(number).words],
  ]
  return (
    <dl className={classes.facts}>
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** Two ways to part with a number: forget it here and keep it at the carrier, or give it back. */
function Endings({ number, shown, onGone }: { number: OurNumber; shown: string; onGone: () => void }) {
  const cache = useQueryClient()
  const [asking, setAsking] = useState<'remove' | 'release' | null>(null)
  const gone = async () => {
    setAsking(null)
    onGone()
    await cache.invalidateQueries({ queryKey: numbersKey })
  }
  const remove = useMutation({
    mutationFn: () => api.delete(`/numbers/${number.id}`),
    onSuccess: gone,
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  return (
    <Group gap="sm" className={classes.endings}>
      <Button variant="default" onClick={() => setAsking('remove')}>
        Remove from Offhook
      </Button>
      <Button variant="subtle" color="red" onClick={() => setAsking('release')}>
        Release number
      </Button>
      <Confirm
        opened={asking === 'remove'}
        title={`Remove ${shown}?`}
        verb="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(null)}
      >
        Calls to it are no longer answered here. Its past calls stay, and you keep it at the carrier and go on
        paying for it.
      </Confirm>
      {asking === 'release' && (
        <ReleaseNumber number={number} shown={shown} onReleased={gone} onClose={() => setAsking(null)} />
      )}
    </Group>
  )
}
