//! Every page of the app; each is its own chunk, fetched when a link to it is hovered.
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { isSignedOut } from '@/api/errors'
import { queryClient } from '@/api/queries'
import { sessionQuery } from '@/api/session'
import { PageFailed } from '@/ui/states'
import { readFilters } from './features/calls/filters'
import { paths } from './paths'

const root = createRootRouteWithContext<{ queryClient: typeof queryClient }>()({ component: Outlet })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { to?: string } => ({ to: localPath(search.to) }),
  component: lazyRouteComponent(() => import('./features/login/LoginPage')),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup/$link',
  component: lazyRouteComponent(() => import('./features/setup/SetupPage')),
})

/** Everything behind the log-in lives inside the shell, with the phone beside it. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery)
    } catch (error) {
      if (isSignedOut(error)) throw redirect({ to: paths.login, search: { to: localPath(location.href) } })
      throw error
    }
  },
  component: lazyRouteComponent(() => import('./shell/Shell')),
})

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: paths.calls })
  },
})

const calls = createRoute({
  getParentRoute: () => app,
  path: '/calls',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./features/calls/CallsPage')),
})

/** The page reads what is selected from the address; these routes only give it a name. */
const nothing = () => null

const oneCall = createRoute({ getParentRoute: () => calls, path: '$callId', component: nothing })

const contacts = createRoute({
  getParentRoute: () => app,
  path: '/contacts',
  validateSearch: (search): { q?: string } => ({ q: search.q === undefined ? undefined : String(search.q) }),
  component: lazyRouteComponent(() => import('./features/contacts/ContactsPage')),
})

const oneContact = createRoute({ getParentRoute: () => contacts, path: '$contactId', component: nothing })

const voicemail = createRoute({
  getParentRoute: () => app,
  path: '/voicemail',
  validateSearch: (search): { show?: 'new' } => ({ show: search.show === 'new' ? 'new' : undefined }),
  component: lazyRouteComponent(() => import('./features/voicemail/VoicemailPage')),
})

const oneVoicemail = createRoute({
  getParentRoute: () => voicemail,
  path: '$voicemailId',
  component: nothing,
})

const numbers = createRoute({
  getParentRoute: () => app,
  path: '/numbers',
  component: lazyRouteComponent(() => import('./features/numbers/NumbersPage')),
})

const oneNumber = createRoute({ getParentRoute: () => numbers, path: '$numberId', component: nothing })

const page = <Path extends string>(path: Path, load: () => Promise<{ default: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => app, path, component: lazyRouteComponent(load) })

const pages = [
  page(paths.queue, () => import('./features/queues/QueuesPage')),
  page(paths.team, () => import('./features/team/TeamPage')),
  page(paths.getNumber, () => import('./features/numbers/GetNumberPage')),
  page(paths.importNumbers, () => import('./features/numbers/ImportPage')),
  page(paths.callerIds, () => import('./features/numbers/CallerIdsPage')),
  page(paths.carrier, () => import('./features/carrier/CarrierPage')),
  page(paths.doctor, () => import('./features/doctor/DoctorPage')),
  page(paths.start, () => import('./features/start/StartPage')),
  page(paths.settings, () => import('./features/settings/SettingsPage')),
  page(paths.users, () => import('./features/users/UsersPage')),
] as const

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    app.addChildren([
      home,
      calls.addChildren([oneCall]),
      contacts.addChildren([oneContact]),
      voicemail.addChildren([oneVoicemail]),
      numbers.addChildren([oneNumber]),
      ...pages,
    ]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Only a path of this app may be returned to after a log-in. */
function localPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) && value !== '/' ? value : undefined
}
