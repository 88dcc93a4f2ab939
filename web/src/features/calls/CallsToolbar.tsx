//! Search and filters of the call list; typing is never held up by the answer.
import { CloseButton, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import type { Agent, Page } from '@/api/types'
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
  const agents = useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', { limit: 200 }, signal),
  })
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
      <SegmentedControl
        size="xs"
        aria-label="Which calls"
        data={SHOWN}
        value={filters.show ?? 'all'}
        onChange={(show) =>
          onChange({ ...filters, show: show === 'all' ? undefined : (show as CallFilters['show']) })
        }
      />
      <Select
        className={classes.agent}
        size="xs"
        aria-label="Agent"
        placeholder="Any agent"
        clearable
        searchable
        data={agents.data?.items.map((agent) => ({ value: agent.id, label: agent.name })) ?? []}
        value={filters.agent ?? null}
        onChange={(agent) => onChange({ ...filters, agent: agent ?? undefined })}
      />
      <span className={classes.days}>
        <Day label="From day" value={filters.from} onChange={(from) => onChange({ ...filters, from })} />
        <span className="quiet">to</span>
        <Day label="To day" value={filters.to} onChange={(to) => onChange({ ...filters, to })} />
      </span>
    </div>
  )
}

function Day(props: { label: string; value?: string; onChange: (value?: string) => void }) {
  return (
    <TextInput
      type="date"
      size="xs"
      aria-label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}
