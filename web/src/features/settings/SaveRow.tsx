//! The end of a form: what went wrong, and Save, which waits for a change.
import { Alert, Button, Group } from '@mantine/core'
import { ApiError, sentence } from '@/api/errors'

interface SaveRowProps {
  dirty: boolean
  busy: boolean
  error: unknown
  label?: string
}

export function SaveRow({ dirty, busy, error, label = 'Save' }: SaveRowProps) {
  const named = error instanceof ApiError && error.field
  return (
    <>
      {error !== null && !named && (
        <Alert color="red" role="alert">
          {sentence(error)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button type="submit" disabled={!dirty} loading={busy}>
          {label}
        </Button>
      </Group>
    </>
  )
}
