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
  component: lazyRouteComponent(() => import('./features/calls/CallsPage')),
})

export const router = createRouter({
  routeTree: root.addChildren([login, setup, app.addChildren([home, calls])]),
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
