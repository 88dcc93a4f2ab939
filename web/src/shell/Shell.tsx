//! The frame that never goes away: navigation, bar with availability, the page, and the phone beside it.
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useMay, useSession } from '@/api/session'
import { useLiveState } from '@/api/stream'
import { Dock } from '@/phone/Dock'
import { IncomingCalls } from '@/phone/IncomingCalls'
import { PhoneProvider, usePhone, usePhoneState } from '@/phone/PhoneProvider'
import { Pill } from '@/phone/Pill'
import { askForNotices, Signals } from '@/phone/Signals'
import { usePhoneShortcuts } from '@/phone/shortcuts'
import { LoadingRows, OfflineNotice } from '@/ui/states'
import { Availability } from './Availability'
import { BottomNav, SideNav } from './Nav'
import { HeadSlot } from './PageHeader'
import { PaletteButton } from './PaletteButton'
import classes from './Shell.module.css'
import { ShortcutHelp } from './ShortcutHelp'
import { UserMenu } from './UserMenu'

const BrowserReport = lazy(() => import('./BrowserReport'))
/** Only who may connect the carrier fetches it. */
const SetupNotice = lazy(() => import('./SetupNotice'))

export default function Shell() {
  const { user } = useSession()
  return (
    <PhoneProvider me={user.id}>
      <Frame />
    </PhoneProvider>
  )
}

function Frame() {
  const { user } = useSession()
  const phone = usePhone()
  const setsUp = useMay('manage_carrier')
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  const [open, setOpen] = useOpenPhone()
  usePhoneShortcuts()
  return (
    <HeadSlot value={slot}>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <div className={classes.shell}>
        <SideNav role={user.role} footer={<UserMenu />} />
        <header className={classes.bar}>
          <div ref={setSlot} className={classes.head} />
          <PaletteButton />
          <Availability
            onGoAvailable={() => {
              askForNotices()
              void phone.microphoneReady()
            }}
          />
          <div className={classes.small}>
            <UserMenu compact />
          </div>
        </header>
        <main id="page" className={classes.page} tabIndex={-1}>
          <Offline />
          {setsUp && (
            <Suspense>
              <SetupNotice />
            </Suspense>
          )}
          <Suspense fallback={<LoadingRows />}>
            <Outlet />
          </Suspense>
        </main>
        <Dock open={open} onClose={() => setOpen(false)} />
        <Pill hidden={open} onOpen={() => setOpen(true)} />
        <BottomNav role={user.role} onPhone={() => setOpen(true)} />
      </div>
      <IncomingCalls />
      <Signals />
      <Suspense>
        <BrowserReport />
      </Suspense>
      <ShortcutHelp />
    </HeadSlot>
  )
}

/** On smaller screens the phone opens by itself when a call begins, and can be folded away at any time. */
function useOpenPhone() {
  const [open, setOpen] = useState(false)
  const { active } = usePhoneState()
  const callId = active?.call.id
  // Follows the call, which begins outside React.
  useEffect(() => {
    if (callId) setOpen(true)
  }, [callId])
  return [open, setOpen] as const
}

const BLINK_MS = 2_500

/** Said only when the stream has been away for longer than a blink. */
function Offline() {
  const state = useLiveState()
  const [late, setLate] = useState(false)
  const away = state === 'connecting' || state === 'offline'
  // A timer, begun when the stream goes.
  useEffect(() => {
    if (!away) return setLate(false)
    const timer = setTimeout(() => setLate(true), BLINK_MS)
    return () => clearTimeout(timer)
  }, [away])
  return late ? <OfflineNotice /> : null
}
