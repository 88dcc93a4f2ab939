//! The sandbox's console, a page of its own on the sandbox's port.
import '@mantine/core/styles.css'
import '@fontsource-variable/inter/wght.css'
import '@/theme/theme.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '@/api/queries'
import { theme } from '@/theme/theme'
import { Toasts } from '@/ui/toast'
import { Console } from './Console'

const scheme = localStorageColorSchemeManager({ key: 'offhook.theme' })

const root = document.getElementById('root')
if (!root) throw new Error('console.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={scheme}>
      <QueryClientProvider client={queryClient}>
        <Console />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
