//! The search field in the bar, which is really a door to the palette, and the key that opens it from anywhere.
import { IconSearch } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import classes from './Palette.module.css'

const Palette = lazy(() => import('./Palette'))
const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)

export function PaletteButton() {
  const [open, setOpen] = useState(false)
  // The key is listened to on the whole page, inside fields as well.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.metaKey || event.ctrlKey) ||
        event.shiftKey ||
        event.altKey
      )
        return
      event.preventDefault()
      setOpen((is) => !is)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button type="button" className={classes.open} onClick={() => setOpen(true)}>
        <IconSearch size={16} stroke={1.8} />
        <span>Search</span>
        <kbd aria-hidden>{MAC ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {open && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
