// Runs the measuring as the browser tests run: the same demo, the same helpers. Started in web/.
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

export default {
  root: here('../../web'),
  test: {
    dir: here('.'),
    include: ['**/*.figures.ts'],
    globals: true,
    globalSetup: [here('../../web/e2e/demo.ts')],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 90_000,
    retry: 0,
  },
}
