//! ⌘K: pages, people and actions by name, without the mouse.
import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPhone, IconUserCheck, IconUserOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ComponentType, type KeyboardEvent, useId, useState } from 'react'
import { sentence } from '@/api/errors'
import { setAvailability } from '@/api/presence'
import { useSession } from '@/api/session'
import { phoneNumber } from '@/lib/phoneNumbers'
import { usePhone } from '@/phone/PhoneProvider'
import { contactsQuery } from '@/phone/queries'
import { toast } from '@/ui/toast'
import { AWAY_REASONS } from './awayReasons'
import { navFor } from './nav'
import classes from './Palette.module.css'

interface Entry {
  key: string
  text: string
  aside?: string
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>
  run: () => void
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useId()
  const entries = useEntries(text)
  const chosen = Math.min(at, entries.length - 1)

  function run(entry: Entry | undefined) {
    if (!entry) return
    onClose()
    entry.run()
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((chosen + step + entries.length) % Math.max(1, entries.length))
    else if (event.key === 'Enter') run(entries[chosen])
    else return
    event.preventDefault()
  }

  return (
    <Modal.Root opened onClose={onClose} yOffset="12dvh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search">
        <input
          className={classes.input}
          role="combobox"
          aria-label="Search people, pages and actions"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={entries[chosen] ? `${list}-${chosen}` : undefined}
          placeholder="Search people, pages and actions"
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <div id={list} role="listbox" aria-label="Results" className={classes.list}>
          {entries.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled where the focus is, in the field.
            <div
              key={entry.key}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={classes.entry}
              onMouseMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <entry.icon size={18} stroke={1.6} />
              <bdi className="cut">{entry.text}</bdi>
              {entry.aside && <span className={classes.aside}>{entry.aside}</span>}
            </div>
          ))}
          {entries.length === 0 && <p className={classes.none}>Nothing found.</p>}
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}

function useEntries(text: string): Entry[] {
  const asked = text.trim().toLowerCase()
  const commands = useCommands().filter((entry) =>
    asked.split(/\s+/).every((word) => entry.text.toLowerCase().includes(word)),
  )
  return [...commands, ...usePeople(asked)].slice(0, 12)
}

function useCommands(): Entry[] {
  const { user } = useSession()
  const navigate = useNavigate()
  const set = (choice: Parameters<typeof setAvailability>[0]) => () => {
    setAvailability(choice).catch((error) => toast(sentence(error), { tone: 'bad' }))
  }
  return [
    ...navFor(user.role).map((entry) => ({
      key: entry.to,
      text: entry.label,
      aside: 'Page',
      icon: entry.icon,
      run: () => void navigate({ to: entry.to }),
    })),
    { key: 'available', text: 'Go available', icon: IconUserCheck, run: set({ state: 'available' }) },
    { key: 'away', text: 'Go away', icon: IconUserOff, run: set({ state: 'away' }) },
    ...AWAY_REASONS.map((reason) => ({
      key: `away-${reason}`,
      text: `Go away: ${reason}`,
      icon: IconUserOff,
      run: set({ state: 'away', reason }),
    })),
  ]
}

/** "Ana" and "call Ana" find the same person. */
function usePeople(asked: string): Entry[] {
  const { country } = useSession().organization
  const phone = usePhone()
  const [name] = useDebouncedValue(asked.replace(/^call\s+/, ''), 150)
  const found = useQuery({ ...contactsQuery(name), enabled: name.length > 1 })
  if (name.length < 2) return []
  return (found.data?.items ?? []).flatMap((contact) =>
    contact.phones.map(({ number }) => ({
      key: contact.id + number,
      text: `Call ${contact.name}`,
      aside: phoneNumber(number, country),
      icon: IconPhone,
      run: () => void phone.dial(number, undefined, contact.id),
    })),
  )
}
