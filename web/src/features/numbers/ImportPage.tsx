//! Import: the numbers that the carrier account holds already, with what would change for each.
import { Alert, Badge, Button, Checkbox, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import { plural } from '@/lib/format'
import { phoneNumber } from '@/lib/phoneNumbers'
import { paths } from '@/paths'
import { PageHeader } from '@/shell/PageHeader'
import { Panel, Panels } from '@/ui/Panel'
import { Empty, LoadingRows } from '@/ui/states'
import { toast } from '@/ui/toast'
import classes from './ImportPage.module.css'
import { NotListed } from './NotListed'
import { NumbersTabs } from './NumbersTabs'
import { numbersKey, useImportable } from './queries'
import type { ImportAnswer, Importable } from './shapes'
import { capabilityWords } from './words'

export default function ImportPage() {
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title="Numbers" />
      <Panels>
        <NumbersTabs />
        <Panel
          title="Numbers of your Twilio account"
          about="Importing costs nothing: from then on their calls arrive here."
        >
          <ImportNumbers onImported={() => void navigate({ to: paths.numbers })} />
        </Panel>
      </Panels>
    </>
  )
}

export function ImportNumbers({ onImported }: { onImported: () => void }) {
  const found = useImportable()
  if (found.isPending) return <LoadingRows rows={4} />
  if (found.isError) return <NotListed error={found.error} onRetry={() => void found.refetch()} />
  if (found.data.length === 0)
    return (
      <Empty icon={IconDownload} title="The account has no numbers">
        Get a new one instead; it is set up by itself.
      </Empty>
    )
  return <Choice found={found.data} onImported={onImported} />
}

function Choice({ found, onImported }: { found: Importable[]; onImported: () => void }) {
  const cache = useQueryClient()
  const [chosen, setChosen] = useState<string[]>([])
  const bring = useMutation({
    mutationFn: () => api.post<ImportAnswer>('/numbers/import', { sids: chosen }),
    onSuccess: async ({ imported, refused }) => {
      setChosen(refused.map((each) => each.sid))
      await cache.invalidateQueries({ queryKey: numbersKey })
      if (imported.length > 0) toast(`${plural(imported.length, 'number')} imported`, { tone: 'good' })
      if (refused.length === 0) onImported()
    },
  })
  const free = found.filter((each) => !each.already)
  const refusal = (sid: string) => bring.data?.refused.find((each) => each.sid === sid)?.detail
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        bring.mutate()
      }}
    >
      <ul className={classes.list}>
        {found.map((each) => (
          <li key={each.sid}>
            <One
              one={each}
              refusal={refusal(each.sid)}
              checked={chosen.includes(each.sid)}
              onChange={(on) =>
                setChosen((before) => (on ? [...before, each.sid] : before.filter((sid) => sid !== each.sid)))
              }
            />
          </li>
        ))}
      </ul>
      {bring.isError && (
        <Alert color="red" role="alert">
          {sentence(bring.error)}
        </Alert>
      )}
      <Group justify="space-between">
        {free.length > 1 ? (
          <Button
            variant="subtle"
            onClick={() => setChosen(chosen.length === free.length ? [] : free.map((each) => each.sid))}
          >
            {chosen.length === free.length ? 'Choose none' : `Choose all ${free.length}`}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" disabled={chosen.length === 0} loading={bring.isPending}>
          {chosen.length === 0 ? 'Import' : `Import ${plural(chosen.length, 'number')}`}
        </Button>
      </Group>
    </form>
  )
}

interface OneProps {
  one: Importable
  refusal: string | undefined
  checked: boolean
  onChange: (on: boolean) => void
}

function One({ one, refusal, checked, onChange }: OneProps) {
  const { country } = useSession().organization
  const shown = phoneNumber(one.number, country)
  const can = capabilityWords(one.capabilities)
  const name = one.friendly_name && one.friendly_name !== shown ? one.friendly_name : null
  return (
    <div className={classes.one}>
      <Checkbox
        label={
          <>
            <strong className="num">{shown}</strong> {name && <bdi>{name}</bdi>}
          </>
        }
        description={can.join(', ')}
        disabled={Boolean(one.already)}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {one.already && (
        <Badge variant="default">
          {one.already === 'here' ? 'Here already' : 'Belongs to another organization'}
        </Badge>
      )}
      {!one.already &&
        one.warnings.map((warning) => (
          <Text key={warning} size="xs" className={classes.warning}>
            <IconAlertTriangle size={14} aria-label="Mind" /> <span>{warning}</span>
          </Text>
        ))}
      {refusal && (
        <Text size="xs" className={classes.refusal} role="alert">
          <IconAlertTriangle size={14} aria-label="Not imported" /> <span>{refusal}</span>
        </Text>
      )}
    </div>
  )
}
