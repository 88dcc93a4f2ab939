//! The number: one that the account holds already, or a new one.
import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { ImportNumbers } from '@/features/numbers/ImportPage'
import { NumberShop } from '@/features/numbers/NumberShop'
import { useImportable } from '@/features/numbers/queries'
import { LoadingRows } from '@/ui/states'

export function NumberStep({ onDone }: { onDone: () => void }) {
  const held = useImportable()
  const [chosen, setChosen] = useState<'import' | 'get' | null>(null)
  if (held.isPending) return <LoadingRows rows={3} />
  const free = held.data?.some((each) => !each.already) ?? false
  const way = chosen ?? (free ? 'import' : 'get')
  return (
    <Stack gap="md" align="stretch">
      {free && (
        <SegmentedControl
          aria-label="Where the number comes from"
          style={{ alignSelf: 'start' }}
          data={[
            { value: 'import', label: 'One that I have' },
            { value: 'get', label: 'A new one' },
          ]}
          value={way}
          onChange={(next) => setChosen(next as 'import' | 'get')}
        />
      )}
      {way === 'import' ? <ImportNumbers onImported={onDone} /> : <NumberShop onBought={onDone} />}
    </Stack>
  )
}
