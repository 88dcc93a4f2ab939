//! What people noted about a call, and one more note.
import { Button, Group, Textarea, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { When } from '@/ui/When'
import { type CallDetails, callQuery } from './detail'
import classes from './Notes.module.css'

export function Notes({ call }: { call: CallDetails }) {
  const cache = useQueryClient()
  const [text, setText] = useState('')
  const save = useMutation({
    mutationFn: () => api.patch(`/calls/${call.id}`, { note: text.trim() }),
    onSuccess: () => {
      setText('')
      return cache.invalidateQueries({ queryKey: callQuery(call.id).queryKey })
    },
  })
  return (
    <section aria-label="Notes">
      <Title order={3}>Notes</Title>
      {call.notes.map((note) => (
        <blockquote key={note.id} className={classes.note}>
          <p dir="auto">{note.text}</p>
          <footer>
            {note.author?.name ?? 'Someone'} · <When at={note.at} />
          </footer>
        </blockquote>
      ))}
      <Textarea
        mt="xs"
        aria-label="New note"
        placeholder="Add a note for whoever talks to them next"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={4000}
        value={text}
        error={save.isError ? sentence(save.error) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {text.trim() !== '' && (
        <Group justify="flex-end" mt="xs">
          <Button size="compact-md" loading={save.isPending} onClick={() => save.mutate()}>
            Add note
          </Button>
        </Group>
      )}
    </section>
  )
}
