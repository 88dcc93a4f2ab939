//! The own password.
import { PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError } from '@/api/errors'
import { useSession } from '@/api/session'
import { Panel } from '@/ui/Panel'
import { toast } from '@/ui/toast'
import { SaveRow } from './SaveRow'
import classes from './settings.module.css'

export function PasswordPanel() {
  const { user } = useSession()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const save = useMutation({
    mutationFn: () => api.put<void>('/me/password', { current, new: next }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      toast('Your password is changed. Other devices are logged out.', { tone: 'good' })
    },
  })
  const wrong = (field: string) =>
    save.error instanceof ApiError && save.error.field === field ? save.error.message : undefined
  return (
    <Panel title="Your password" about="Changing it logs you out on every other device.">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
        <div className={classes.pair}>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            value={current}
            error={wrong('current')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            value={next}
            error={wrong('new')}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
        </div>
        <SaveRow
          dirty={current !== '' && next !== ''}
          busy={save.isPending}
          error={save.error}
          label="Change password"
        />
      </form>
    </Panel>
  )
}
