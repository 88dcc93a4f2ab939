import { defineConfig } from 'vitest/config'
import browser from './vitest.e2e.config.ts'

// The README's pictures, taken from the demo with the browser tests' helpers: scripts/screenshots.
export default defineConfig({ ...browser, test: { ...browser.test, include: ['e2e/**/*.shots.ts'] } })
