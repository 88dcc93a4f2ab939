//! Gives a number back to the carrier: for good, so its name is typed first.
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { toast } from '@/ui/toast'
import type { OurNumber } from './shapes'
import { names } from './words'

interface ReleaseNumberProps {
  number: OurNumber
  shown: string
  onReleased: () => void
  onClose: () => void
}

export function ReleaseNumber({ number, shown, onReleased, onClose }: ReleaseNumberProps) {
  const [typed, setTyped] = useState('')
  const release = useMutation({
    mutationFn: () => api.post(`/numbers/${number.id}/release`, { confirm: typed.trim() }),
    onSuccess: () => {
      toast(`${shown} was given back`, { tone: 'good' })
      onReleased()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Release ${shown}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          release.mutate()
        }}
      >
        <Stack>
          <Text>
            The carrier may give this number to somebody else. You stop paying for it, calls to it no longer
            reach you, and you cannot be sure to get it back. Its past calls stay.
          </Text>
          <TextInput
            label={`Type ${number.label || shown} to release it`}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {release.isError && (
            <Alert color="red" role="alert">
              {sentence(release.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button
              type="submit"
              color="red"
              disabled={!names(typed, number, shown)}
              loading={release.isPending}
            >
              Release number
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
