//! What number is wanted: country, type with its price, digits, area, and whether it must take text messages.
import { Checkbox, Select, TextInput } from '@mantine/core'
import classes from './NumberShop.module.css'
import type { Wanted } from './queries'
import type { Country } from './shapes'
import { monthlyWords, typeWords } from './words'

interface SearchFieldsProps {
  countries: Country[]
  wanted: Wanted
  onChange: (wanted: Wanted) => void
}

/** Only these two have area codes and places that can be asked for by name. */
const NORTH_AMERICA = ['US', 'CA']

export function SearchFields({ countries, wanted, onChange }: SearchFieldsProps) {
  const types = countries.find((each) => each.country === wanted.country)?.types ?? []
  const set = (part: Partial<Wanted>) => onChange({ ...wanted, ...part })
  const american = NORTH_AMERICA.includes(wanted.country)
  const local = wanted.type === 'local'
  return (
    <div className={classes.fields}>
      <Select
        label="Country"
        data={countries.map((each) => ({ value: each.country, label: each.name }))}
        searchable
        selectFirstOptionOnChange
        allowDeselect={false}
        value={wanted.country}
        onChange={(country) => {
          const next = countries.find((each) => each.country === country)
          if (!next) return
          const type = next.types.find((each) => each.type === wanted.type) ?? next.types[0]
          onChange({
            ...wanted,
            country: next.country,
            type: type?.type ?? 'local',
            area_code: '',
            locality: '',
          })
        }}
      />
      <Select
        label="Type"
        data={types.map((each) => ({
          value: each.type,
          label: `${typeWords(each.type)}, ${monthlyWords(each.monthly)}`,
        }))}
        allowDeselect={false}
        value={wanted.type}
        onChange={(type) => type && set({ type })}
      />
      {local && (
        <TextInput
          label="Area code"
          inputMode="numeric"
          maxLength={6}
          placeholder={american ? '415' : '20'}
          value={wanted.area_code}
          onChange={(event) => set({ area_code: event.currentTarget.value.replace(/\D/g, '') })}
        />
      )}
      <TextInput
        label="Contains"
        description="Digits or letters; * stands for any"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maxLength={16}
        placeholder="555*00"
        value={wanted.contains}
        onChange={(event) => set({ contains: event.currentTarget.value.replace(/[^\da-zA-Z*+]/g, '') })}
      />
      {local && american && (
        <TextInput
          label="Place"
          maxLength={60}
          placeholder="San Francisco"
          value={wanted.locality}
          onChange={(event) => set({ locality: event.currentTarget.value })}
        />
      )}
      <Checkbox
        className={classes.tick}
        label="Takes text messages"
        checked={wanted.sms}
        onChange={(event) => set({ sms: event.currentTarget.checked })}
      />
    </div>
  )
}
