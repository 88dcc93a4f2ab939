import { defineConfig } from 'vitest/config'

// The browser tests: the real binary with its sandbox, the real Voice SDK, one after the other.
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/demo.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    retry: 0,
  },
})
