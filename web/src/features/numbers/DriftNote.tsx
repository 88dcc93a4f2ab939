//! What the carrier has differently from here, with the click that puts it right.
import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useRepair } from '@/features/carrier/queries'
import type { DriftItem } from '@/features/carrier/shapes'

export function DriftNote({ item }: { item: DriftItem }) {
  const repair = useRepair()
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle size={18} />}
      title={item.problem ?? 'The carrier differs'}
    >
      {item.cure && <Text>{item.cure}</Text>}
      {item.repairable && (
        <Button
          mt="sm"
          size="compact-sm"
          variant="default"
          loading={repair.isPending}
          onClick={() => repair.mutate([item.id])}
        >
          Repair
        </Button>
      )}
    </Alert>
  )
}
