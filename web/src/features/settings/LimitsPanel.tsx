//! Limits that keep a mistake or a thief from running up a bill.
import { MultiSelect, NumberInput } from '@mantine/core'
import { countries } from '@/lib/countries'
import { Panel } from '@/ui/Panel'
import { type OrganizationSettings, useDraft } from './organization'
import { SaveRow } from './SaveRow'
import classes from './settings.module.css'

export function LimitsPanel({ stored }: { stored: OrganizationSettings }) {
  const { draft, set, dirty, save, wrong } = useDraft(stored)
  const abroad = countries().filter((country) => country.value !== draft.country)
  return (
    <Panel
      title="Outgoing calls"
      about="Limits keep a mistake from running up a bill. Premium numbers are always refused; emergency numbers never are by a limit."
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <div className={classes.pair}>
          <NumberInput
            label="Calls at the same time"
            min={1}
            max={1000}
            value={draft.concurrent_limit}
            error={wrong('concurrent_limit')}
            onChange={(value) => set({ concurrent_limit: Number(value) || 1 })}
          />
          <NumberInput
            label="Calls an agent starts in a minute"
            min={1}
            max={60}
            value={draft.starts_per_minute}
            error={wrong('starts_per_minute')}
            onChange={(value) => set({ starts_per_minute: Number(value) || 1 })}
          />
        </div>
        <MultiSelect
          label="Countries that may be called beside your own"
          placeholder={draft.allowed_countries.length === 0 ? 'Only your own' : undefined}
          data={abroad}
          searchable
          selectFirstOptionOnChange
          value={draft.allowed_countries}
          error={wrong('allowed_countries')}
          onChange={(allowed_countries) => set({ allowed_countries })}
        />
        <SaveRow dirty={dirty} busy={save.isPending} error={save.error} />
      </form>
    </Panel>
  )
}
