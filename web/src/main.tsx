//! The app's first file: styles, providers, router.
import '@mantine/core/styles.css'
import '@fontsource-variable/inter/wght.css'
import '@/theme/theme.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { whenSignedOut } from '@/api/client'
import { queryClient } from '@/api/queries'
import { sessionKey } from '@/api/session'
import { paths } from '@/paths'
import { router } from '@/routes'
import { theme } from '@/theme/theme'
import { Toasts } from '@/ui/toast'

const scheme = localStorageColorSchemeManager({ key: 'offhook.theme' })

whenSignedOut(() => {
  queryClient.removeQueries({ queryKey: sessionKey })
  void router.navigate({ to: paths.login, search: { to: location.pathname + location.search } })
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={scheme}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
