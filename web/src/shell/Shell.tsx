//! The frame that never goes away: navigation, bar with availability, the page, and the phone beside it.
import { Outlet } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useSession } from '@/api/session'
import { LoadingRows } from '@/ui/states'
import { Availability } from './Availability'
import { BottomNav, SideNav } from './Nav'
import { HeadSlot } from './PageHeader'
import classes from './Shell.module.css'
import { UserMenu } from './UserMenu'

export default function Shell() {
  const { user } = useSession()
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  return (
    <HeadSlot value={slot}>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <div className={classes.shell}>
        <SideNav role={user.role} footer={<UserMenu />} />
        <header className={classes.bar}>
          <div ref={setSlot} className={classes.head} />
          <Availability />
          <div className={classes.small}>
            <UserMenu compact />
          </div>
        </header>
        <main id="page" className={classes.page} tabIndex={-1}>
          <Suspense fallback={<LoadingRows />}>
            <Outlet />
          </Suspense>
        </main>
        <BottomNav role={user.role} />
      </div>
    </HeadSlot>
  )
}
