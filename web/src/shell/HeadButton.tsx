//! An action of a page in the bar: with its word where there is room, its icon alone on a phone.
import { Button } from '@mantine/core'
import type { ComponentType } from 'react'
import classes from './HeadButton.module.css'

interface HeadButtonProps {
  label: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  quiet?: boolean
  onClick: () => void
}

export function HeadButton({ label, icon: Icon, quiet, onClick }: HeadButtonProps) {
  return (
    <Button
      variant={quiet ? 'default' : 'filled'}
      leftSection={<Icon size={16} />}
      classNames={{ root: classes.button, section: classes.icon, label: classes.label }}
      aria-label={label}
      onClick={onClick}
    >
      {label}
    </Button>
  )
}
