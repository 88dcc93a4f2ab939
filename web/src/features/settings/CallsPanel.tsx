//! What callers hear, whether calls are recorded, and what agents do after a call.
import { NumberInput, Switch, TagsInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useMay } from '@/api/session'
import { Confirm } from '@/ui/Confirm'
import { Panel } from '@/ui/Panel'
import { type OrganizationSettings, useDraft } from './organization'
import { SaveRow } from './SaveRow'
import classes from './settings.module.css'

export function CallsPanel({ stored }: { stored: OrganizationSettings }) {
  const form = useDraft(stored)
  const { draft, set, dirty, save, wrong } = form
  return (
    <Panel title="Calls">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Textarea
          label="Greeting"
          description="Spoken first on every number without a greeting of its own; empty for the standard words"
          autosize
          minRows={2}
          maxLength={1000}
          value={draft.greeting ?? ''}
          error={wrong('greeting')}
          onChange={(event) => set({ greeting: event.currentTarget.value || null })}
        />
        <Switch
          label="Record calls"
          description="Both sides, each in its own channel"
          checked={draft.record_calls}
          onChange={(event) => set({ record_calls: event.currentTarget.checked })}
        />
        {draft.record_calls && <Notice form={form} />}
        <Switch
          label="Forwarded calls show the caller’s number"
          description="Otherwise the other phone sees the number that was called"
          checked={draft.forward_shows_caller}
          onChange={(event) => set({ forward_shows_caller: event.currentTarget.checked })}
        />
        <NumberInput
          label="Wrap-up (seconds)"
          description="Time for notes after a call, before the next one is offered"
          className={classes.short}
          min={0}
          max={600}
          value={draft.wrap_up_seconds}
          error={wrong('wrap_up_seconds')}
          onChange={(value) => set({ wrap_up_seconds: Number(value) || 0 })}
        />
        <TagsInput
          label="Dispositions"
          description="What an agent can say that a call meant; Enter adds one"
          maxLength={40}
          value={draft.dispositions}
          error={wrong('dispositions')}
          onChange={(dispositions) => set({ dispositions })}
        />
        <SaveRow dirty={dirty} busy={save.isPending} error={save.error} />
      </form>
    </Panel>
  )
}

/** Many places demand the notice: only an owner switches it off, after being asked once. */
function Notice({ form: { draft, set, wrong } }: { form: ReturnType<typeof useDraft> }) {
  const [asking, setAsking] = useState(false)
  const owner = useMay('silence_notice')
  return (
    <div className={classes.nested}>
      <Switch
        label="Say that the call is recorded"
        description={
          owner
            ? 'Spoken before anybody is connected'
            : 'Spoken before anybody is connected. Only an owner can switch it off.'
        }
        checked={draft.recording_notice}
        disabled={!owner && draft.recording_notice}
        onChange={(event) =>
          event.currentTarget.checked ? set({ recording_notice: true }) : setAsking(true)
        }
      />
      {draft.recording_notice && (
        <Textarea
          label="Recording notice"
          description="Empty for the standard words"
          autosize
          minRows={1}
          maxLength={1000}
          value={draft.recording_notice_text ?? ''}
          error={wrong('recording_notice_text')}
          onChange={(event) => set({ recording_notice_text: event.currentTarget.value || null })}
        />
      )}
      <Confirm
        opened={asking}
        title="Record without saying so?"
        verb="Switch the notice off"
        onConfirm={() => {
          set({ recording_notice: false })
          setAsking(false)
        }}
        onClose={() => setAsking(false)}
      >
        In many countries and states callers must be told. Once saved, the change is written down with your
        name.
      </Confirm>
    </div>
  )
}
