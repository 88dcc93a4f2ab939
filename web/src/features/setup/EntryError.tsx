//! What the server refused: at its field where there is one, above the form otherwise.
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { ApiError, sentence } from '@/api/errors'

export function EntryError({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error || fields.some((name) => fieldError(error, name))) return null
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
      {sentence(error)}
    </Alert>
  )
}

export function fieldError(error: unknown, name: string): string | undefined {
  return error instanceof ApiError && error.field === name ? sentence(error) : undefined
}
