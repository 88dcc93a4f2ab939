//! Single-key shortcuts: off while somebody types, and off altogether for whoever turned them off.
import { useEffect, useRef } from 'react'

const KEY = 'offhook.shortcuts'

export function shortcutsOn(): boolean {
  return localStorage.getItem(KEY) !== 'off'
}

export function setShortcuts(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off')
}

/** Runs the action of a pressed key; keys are what `KeyboardEvent.key` says, in lower case. */
export function useShortcuts(actions: Record<string, () => void>): void {
  const latest = useRef(actions)
  latest.current = actions
  // Keys are listened to on the whole page.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || !shortcutsOn()) return
      const action = latest.current[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]')
}
