//! Messages of the phones: conversations as bubbles, and a line to write the next one.
import { Badge, Button, FileInput, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconMessage, IconPhoto, IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { phoneNumber } from '@/lib/phoneNumbers'
import { ListDetail } from '@/ui/ListDetail'
import { Empty, Failed } from '@/ui/states'
import { toast } from '@/ui/toast'
import { ask, phonePath, useAccounts } from './control'
import classes from './Messages.module.css'
import { doorsOf, e164, phonesOf } from './numbers'
import { encoded, isMine, type Text, type Thread, threads } from './texts'
import { clock } from './webhookWords'

const KEY = ['texts']
const OFTEN_MS = 1_000
const NEW = 'new'

export function Messages() {
  const texts = useQuery({
    queryKey: KEY,
    queryFn: async () => (await ask<{ texts: Text[] }>('/texts')).texts,
    refetchInterval: OFTEN_MS,
  })
  const accounts = useAccounts()
  const [chosen, setChosen] = useState<string | null>(null)
  const doors = new Set(doorsOf(accounts.data ?? []).map((door) => door.number))
  const all = threads(texts.data ?? [], doors)
  const selected = all.find((thread) => thread.key === chosen)
  return (
    <section className={classes.messages} aria-label="Messages">
      <ListDetail
        toolbar={
          <Button
            variant="default"
            leftSection={<IconMessage size={16} />}
            aria-pressed={chosen === NEW}
            onClick={() => setChosen(NEW)}
          >
            Write a message
          </Button>
        }
        list={
          texts.isError && all.length === 0 ? (
            <Failed error={texts.error} onRetry={() => void texts.refetch()} />
          ) : all.length === 0 ? (
            <Empty icon={IconMessage} title="No message yet">
              Write from a phone to the organization’s number, or send one to a phone from the app.
            </Empty>
          ) : (
            <ul className={classes.list}>
              {all.map((thread) => (
                <li key={thread.key}>
                  <Row
                    thread={thread}
                    selected={thread.key === chosen}
                    onChoose={() => setChosen(thread.key)}
                  />
                </li>
              ))}
            </ul>
          )
        }
        detail={
          selected ? (
            <Conversation key={selected.key} thread={selected} />
          ) : chosen === NEW ? (
            <New onSent={setChosen} />
          ) : null
        }
        detailLabel="Conversation"
        placeholder={
          <Empty icon={IconMessage} title="Nothing selected">
            Choose a conversation to see it on the phone’s screen.
          </Empty>
        }
        onClose={() => setChosen(null)}
      />
    </section>
  )
}

function Row({ thread, selected, onChoose }: { thread: Thread; selected: boolean; onChoose: () => void }) {
  const last = thread.texts[thread.texts.length - 1]
  return (
    <button type="button" className={classes.row} aria-pressed={selected} onClick={onChoose}>
      <span className={`${classes.who} num`}>
        {phoneNumber(thread.phone, 'US')} with {phoneNumber(thread.other, 'US')}
        {thread.whatsapp && (
          <Badge variant="light" color="green" radius="sm" size="sm">
            WhatsApp
          </Badge>
        )}
      </span>
      <span className={`${classes.last} cut`}>{last?.body || 'A file'}</span>
      <span className={`${classes.time} num`}>{last && clock(last.at)}</span>
    </button>
  )
}

function Conversation({ thread }: { thread: Thread }) {
  const end = useRef<HTMLDivElement>(null)
  const count = thread.texts.length
  // The newest message is the one that one wants to see.
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  return (
    <div className={classes.conversation}>
      <ol className={classes.bubbles} aria-label="Messages, oldest first">
        {thread.texts.map((text) => (
          <li key={text.id} className={classes.bubble} data-mine={isMine(thread, text)}>
            {text.media.map((file) => (
              <Picture key={file.url} {...file} />
            ))}
            {text.body && <p>{text.body}</p>}
            <small className="num">{clock(text.at)}</small>
          </li>
        ))}
      </ol>
      <div ref={end} />
      <Write phone={thread.phone} to={thread.other} whatsapp={thread.whatsapp} />
    </div>
  )
}

function Picture({ url, content_type: kind }: { url: string; content_type: string }) {
  if (kind.startsWith('image/')) return <img src={url} alt="" className={classes.picture} />
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {kind}
    </a>
  )
}

interface WriteProps {
  phone: string
  to: string
  whatsapp: boolean
  onSent?: () => void
}

function Write({ phone, to, whatsapp, onSent }: WriteProps) {
  const cache = useQueryClient()
  const [body, setBody] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const send = useMutation({
    mutationFn: async () =>
      ask<Text>(`${phonePath(phone)}/text`, {
        method: 'POST',
        body: {
          to,
          body,
          channel: whatsapp ? 'whatsapp' : 'sms',
          media: file ? [await encoded(file)] : [],
        },
      }),
    onSuccess: async () => {
      setBody('')
      setFile(null)
      await cache.invalidateQueries({ queryKey: KEY })
      onSent?.()
    },
    onError: (error) => toast(error.message, { tone: 'bad' }),
  })
  const empty = body.trim() === '' && !file
  return (
    <form
      className={classes.write}
      onSubmit={(event) => {
        event.preventDefault()
        if (!empty) send.mutate()
      }}
    >
      <Textarea
        label="Message"
        className={classes.body}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={1600}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return
          event.preventDefault()
          if (!empty) send.mutate()
        }}
      />
      <FileInput
        label="Picture"
        placeholder="None"
        className={classes.file}
        clearable
        leftSection={<IconPhoto size={16} />}
        value={file}
        onChange={setFile}
      />
      <Button
        type="submit"
        leftSection={<IconSend size={16} />}
        disabled={empty || !phone || !to}
        loading={send.isPending}
      >
        Send
      </Button>
    </form>
  )
}

function New({ onSent }: { onSent: (key: string | null) => void }) {
  const accounts = useAccounts().data ?? []
  const phones = phonesOf(accounts)
  const doors = doorsOf(accounts)
  const [from, setFrom] = useState('')
  const [typed, setTyped] = useState<string | null>(null)
  const [channel, setChannel] = useState('sms')
  const phone = from || (phones[0]?.number ?? '')
  const shown = typed ?? doors[0]?.number ?? ''
  const to = e164(shown)
  return (
    <div className={classes.new}>
      <NativeSelect
        label="From the phone"
        value={phone}
        data={phones.map((each) => ({
          value: each.number,
          label: `${phoneNumber(each.number, 'US')} · ${each.owner}`,
        }))}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label="To"
        inputMode="tel"
        value={shown}
        error={typed !== null && !to ? 'Type a whole number, such as +14155550123' : null}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <NativeSelect
        label="Channel"
        value={channel}
        data={[
          { value: 'sms', label: 'SMS' },
          { value: 'whatsapp', label: 'WhatsApp' },
        ]}
        onChange={(event) => setChannel(event.currentTarget.value)}
      />
      <Write phone={phone} to={to ?? ''} whatsapp={channel === 'whatsapp'} onSent={() => onSent(null)} />
    </div>
  )
}
