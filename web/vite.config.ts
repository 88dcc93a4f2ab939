import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Two pages come out of one build: the app, and the sandbox's console on the sandbox's own port.
const input: Record<string, string> = { app: here('./index.html') }
if (existsSync(here('./console.html'))) input.console = here('./console.html')

const server = process.env.OFFHOOK_URL ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      '@': here('./src'),
      // The package's own entry also exports every icon's filled and aliased name, which triples the work of a build.
      '@tabler/icons-react': '@tabler/icons-react/dist/esm/icons/index.mjs',
    },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { input },
  },
  server: {
    proxy: {
      '/api': { target: server, ws: true, changeOrigin: false },
      '/openapi.json': server,
      '/docs': server,
    },
  },
})
