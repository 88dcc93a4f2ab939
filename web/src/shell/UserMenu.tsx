//! Who is signed in, the theme, and the way out.
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { signOut, useSession } from '@/api/session'
import { roleWords } from '@/lib/format'
import { paths } from '@/paths'
import { PersonCircle } from '@/ui/Person'
import classes from './UserMenu.module.css'

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const

export function UserMenu({ compact = false }: { compact?: boolean }) {
  const { user, organization } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const navigate = useNavigate()
  return (
    <Menu position={compact ? 'bottom-end' : 'right-end'} width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.me} data-compact={compact || undefined}>
          <PersonCircle name={user.name} size={28} />
          <span className={classes.names}>
            <bdi className="cut">{user.name}</bdi>
            <bdi className={`cut ${classes.organization}`}>{organization.name}</bdi>
            <span className="sr-only">, account</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.email} · {roleWords(user.role)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? '✓' : undefined}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={async () => {
            await signOut().catch(() => {})
            await navigate({ to: paths.login })
          }}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
