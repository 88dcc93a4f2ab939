//! Short notices at the edge of the page, with one action where something can be undone.
import { Button, CloseButton, Paper, Portal } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import classes from './toast.module.css'

export type Tone = 'plain' | 'good' | 'bad'

export interface Toast {
  id: number
  text: string
  tone: Tone
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 6_000
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

export function toast(text: string, options: { tone?: Tone; action?: Toast['action'] } = {}): void {
  const shown: Toast = { id: next, text, tone: options.tone ?? 'plain', action: options.action }
  next += 1
  set([...toasts.filter((t) => t.text !== text), shown].slice(-3))
  setTimeout(() => dismiss(shown.id), options.tone === 'bad' ? SHOWN_MS * 2 : SHOWN_MS)
}

function dismiss(id: number): void {
  set(toasts.filter((t) => t.id !== id))
}

function set(list: readonly Toast[]): void {
  toasts = list
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <Portal>
      <div className={classes.stack} role="status" aria-live="polite">
        {shown.map((t) => (
          <Paper key={t.id} className={classes.toast} data-tone={t.tone} withBorder>
            <span className={classes.text}>{t.text}</span>
            {t.action && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  t.action?.run()
                  dismiss(t.id)
                }}
              >
                {t.action.label}
              </Button>
            )}
            <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(t.id)} />
          </Paper>
        ))}
      </div>
    </Portal>
  )
}
