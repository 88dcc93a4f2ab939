//! Search and filters of the call list; typing is never held up by the answer.
import { Button, CloseButton, Popover, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import type { Agent, Page } from '@/api/types'
import { byName } from '@/lib/byName'
import classes from './CallsToolbar.module.css'
import type { CallFilters } from './filters'

interface CallsToolbarProps {
  filters: CallFilters
  onChange: (filters: CallFilters) => void
}

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'missed', label: 'Missed' },
  { value: 'in', label: 'In' },
  { value: 'out', label: 'Out' },
  { value: 'live', label: 'Live' },
]

export function CallsToolbar({ filters, onChange }: CallsToolbarProps) {
  const [words, setWords] = useState(filters.q ?? '')
  const search = useDebouncedCallback((q: string) => onChange({ ...filters, q: q.trim() || undefined }), 200)
  const type = (q: string) => {
    setWords(q)
    search(q)
  }
  return (
    <div className={classes.bar}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label="Search calls"
        placeholder="Name or number"
        leftSection={<IconSearch size={16} />}
        rightSection={
          words && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />
        }
        value={words}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <MoreFilters filters={filters} onChange={onChange} />
      <SegmentedControl
        className={classes.show}
        size="xs"
        aria-label="Which calls"
        data={SHOWN}
        value={filters.show ?? 'all'}
        onChange={(show) =>
          onChange({ ...filters, show: show === 'all' ? undefined : (show as CallFilters['show']) })
        }
      />
    </div>
  )
}

/** What is filtered by less often; the button tells how many of them are set. */
function MoreFilters({ filters, onChange }: CallsToolbarProps) {
  const [open, setOpen] = useState(false)
  const agents = useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', { limit: 200 }, signal),
  })
  const set = [filters.agent, filters.from || filters.to].filter(Boolean).length
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={288} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={set ? 'light' : 'default'}
          className={classes.more}
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-label={set ? `Filters, ${set} set` : 'Filters'}
          onClick={() => setOpen(!open)}
        >
          Filters
          {set > 0 && <span className={`${classes.set} num`}>{set}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="Agent"
            placeholder="Any agent"
            clearable
            searchable
            openOnFocus={false}
            comboboxProps={{ withinPortal: false }}
            data={byName(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name }))}
            value={filters.agent ?? null}
            onChange={(agent) => onChange({ ...filters, agent: agent ?? undefined })}
          />
          <div className={classes.days}>
            <Day label="From day" value={filters.from} onChange={(from) => onChange({ ...filters, from })} />
            <Day label="To day" value={filters.to} onChange={(to) => onChange({ ...filters, to })} />
          </div>
          <Button
            variant="default"
            disabled={set === 0}
            onClick={() => onChange({ ...filters, agent: undefined, from: undefined, to: undefined })}
          >
            Clear these
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Day(props: { label: string; value?: string; onChange: (value?: string) => void }) {
  return (
    <TextInput
      type="date"
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}
