//! What the organization is called and where it is at home.
import { Select, TextInput } from '@mantine/core'
import { countries } from '@/lib/countries'
import { Panel } from '@/ui/Panel'
import { type OrganizationSettings, useDraft } from './organization'
import { SaveRow } from './SaveRow'
import classes from './settings.module.css'

export function OrganizationPanel({ stored }: { stored: OrganizationSettings }) {
  const { draft, set, dirty, save, wrong } = useDraft(stored)
  return (
    <Panel title="Organization" about="Its country decides how numbers without a country’s code are read.">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <div className={classes.pair}>
          <TextInput
            label="Name"
            required
            maxLength={100}
            value={draft.name}
            error={wrong('name')}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            label="Country"
            data={countries()}
            searchable
            selectFirstOptionOnChange
            allowDeselect={false}
            value={draft.country}
            error={wrong('country')}
            onChange={(country) => country && set({ country })}
          />
        </div>
        <SaveRow dirty={dirty} busy={save.isPending} error={save.error} />
      </form>
    </Panel>
  )
}
