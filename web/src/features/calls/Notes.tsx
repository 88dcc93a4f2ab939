//! What was said, for whoever talks to them next.
import { Button, Group, Textarea, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { useMay, useSession } from '@/api/session'
import { toast } from '@/ui/toast'
import { When } from '@/ui/When'
import { type CallDetails, callQuery } from './detail'
import classes from './Notes.module.css'

export function Notes({ call }: { call: CallDetails }) {
  const { user } = useSession()
  const mayManage = useMay('manage_calls')
  const mayWrite = mayManage || !call.agent || call.agent.id === user.id
  if (!mayWrite && !call.note && call.notes.length === 0) return null
  // The last one is the note itself.
  const earlier = call.notes.filter((note) => note.text !== call.note)
  return (
    <section aria-label="Note">
      <Title order={3}>Note</Title>
      {mayWrite ? <Editor call={call} /> : <p className={classes.text}>{call.note}</p>}
      {earlier.map((note) => (
        <blockquote key={note.id} className={classes.note}>
          <p dir="auto">{note.text}</p>
          <footer>
            {note.author.name} · <When at={note.created_at} />
          </footer>
        </blockquote>
      ))}
    </section>
  )
}

function Editor({ call }: { call: CallDetails }) {
  const cache = useQueryClient()
  const stored = call.note ?? ''
  // Null while nothing was typed: what somebody else saves meanwhile then shows up by itself.
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? stored
  const save = useMutation({
    mutationFn: () => api.patch(`/calls/${call.id}`, { note: text.trim() }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: callQuery(call.id).queryKey })
      setTyped(null)
      toast('Note saved', { tone: 'good' })
    },
  })
  return (
    <>
      <Textarea
        mt="xs"
        aria-label="Note on this call"
        placeholder="What was said, for whoever talks to them next"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={10_000}
        dir="auto"
        value={text}
        error={save.isError ? sentence(save.error) : undefined}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {text.trim() !== stored.trim() && (
        <Group justify="flex-end" mt="xs">
          <Button variant="default" size="compact-md" onClick={() => setTyped(null)}>
            Undo
          </Button>
          <Button size="compact-md" loading={save.isPending} onClick={() => save.mutate()}>
            Save note
          </Button>
        </Group>
      )}
    </>
  )
}
