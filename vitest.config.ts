import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: 'convnet-ts/export', replacement: path('src/io/export.ts') },
      { find: 'convnet-ts/report', replacement: path('src/node/report.ts') },
      { find: 'convnet-ts/testing', replacement: path('src/testing/index.ts') },
      { find: 'convnet-ts', replacement: path('src/index.ts') },
    ],
  },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' },
})
