//! A one-time log-in link, shown once to be passed on.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { exactTime } from '@/lib/format'
import { CopyLine } from '@/ui/CopyLine'
import type { OneTimeLink } from './user'

export function LinkShown({ link, name, onClose }: { link: OneTimeLink; name: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Log-in link for ${name}`}>
      <Stack>
        <Text>
          Pass this link on to {name}. It works once, until {exactTime(link.expires_at)}, and is shown only
          now.
        </Text>
        <CopyLine label="Log-in link" value={link.link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
