//! One voicemail: listen, call back, say that it is done, see the call it came from.
import { Badge, Button, Group, Stack, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sentence } from '@/api/errors'
import { useSession } from '@/api/session'
import { exactTime } from '@/lib/format'
import { ourNumber, partyName, partyNumber } from '@/lib/parties'
import { phoneNumber } from '@/lib/phoneNumbers'
import { CallButton } from '@/phone/CallButton'
import { PersonCircle, WholeName } from '@/ui/Person'
import { Player } from '@/ui/Player'
import { toast } from '@/ui/toast'
import { When } from '@/ui/When'
import classes from './VoicemailDetail.module.css'
import { isNew, markHeard, type Voicemail, voicemailKeys } from './voicemail'

export function VoicemailDetail({ voicemail }: { voicemail: Voicemail }) {
  const { organization } = useSession()
  const cache = useQueryClient()
  const { call } = voicemail
  const country = organization.country
  const name = partyName(call, country)
  const heard = useMutation({
    mutationFn: () => markHeard(voicemail.id),
    onSuccess: () => cache.invalidateQueries({ queryKey: voicemailKeys.all }),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
  const fresh = isNew(voicemail)
  return (
    <Stack gap="lg" p="md">
      <header className={classes.head}>
        <PersonCircle name={call.contact?.name ?? ''} size={48} />
        <div className={classes.title}>
          <Title order={2}>
            <WholeName name={name} />
          </Title>
          <Group gap={8} wrap="wrap">
            {call.contact && <span className="quiet num">{phoneNumber(partyNumber(call), country)}</span>}
            <Badge variant="light" color={fresh ? 'yellow' : 'gray'} className={classes.badge}>
              {fresh ? 'New' : 'Heard'}
            </Badge>
          </Group>
        </div>
        <CallButton number={partyNumber(call)} name={name} contactId={call.contact?.id} />
      </header>
      {voicemail.recording_id ? (
        <Player
          path={`/calls/${call.id}/recordings/${voicemail.recording_id}`}
          voices={[call.contact?.name ?? 'Caller']}
          name={`Voicemail of ${name}, ${exactTime(voicemail.created_at)}`}
          onPlay={() => fresh && !heard.isPending && heard.mutate()}
        />
      ) : (
        <p className={classes.notice}>The message is on its way from the carrier.</p>
      )}
      <p className={classes.facts}>
        Left <When at={voicemail.created_at} /> on {phoneNumber(ourNumber(call), country)}
        {voicemail.heard_at && (
          <>
            {' · heard '}
            <When at={voicemail.heard_at} />
            {voicemail.heard_by?.name && <> by {voicemail.heard_by.name}</>}
          </>
        )}
      </p>
      <Group>
        {fresh && (
          <Button
            variant="default"
            leftSection={<IconCheck size={16} />}
            loading={heard.isPending}
            onClick={() => heard.mutate()}
          >
            Mark as heard
          </Button>
        )}
        <Link to="/calls/$callId" params={{ callId: call.id }} className={classes.link}>
          Open the call
        </Link>
      </Group>
    </Stack>
  )
}
