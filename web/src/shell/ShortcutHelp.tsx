//! `?` lists the keys, and lets people turn single keys off.
import { Kbd, Modal, Stack, Switch, Table } from '@mantine/core'
import { useState } from 'react'
import { setShortcuts, shortcutsOn, useShortcuts } from '@/lib/shortcuts'
import { PHONE_KEYS } from '@/phone/shortcuts'

export function ShortcutHelp() {
  const [open, setOpen] = useState(false)
  const [on, setOn] = useState(shortcutsOn)
  useShortcuts({ '?': () => setOpen(true) })
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title="Keyboard shortcuts">
      <Stack>
        <Table>
          <Table.Tbody>
            {[
              ...PHONE_KEYS,
              ['Ctrl K', 'Find people, pages and actions'] as const,
              ['?', 'This list'] as const,
            ].map(([key, does]) => (
              <Table.Tr key={key}>
                <Table.Td w={80}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label="Single-key shortcuts"
          description="Off while you type in a field, in any case."
          checked={on}
          onChange={(event) => {
            setShortcuts(event.currentTarget.checked)
            setOn(event.currentTarget.checked)
          }}
        />
      </Stack>
    </Modal>
  )
}
