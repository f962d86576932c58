import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { backbonePlugin } from './backbone-plugin.ts'
import { browserLaunchOptions } from './browser.mjs'
import { securityHeaders } from './headers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  cacheDir: `${root}.cache/vitest`,
  test: {
    projects: [
      {
        root,
        plugins: [svelte({ configFile: false })],
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        root,
        plugins: [svelte({ configFile: false }), backbonePlugin()],
        publicDir: 'public',
        // Without the policy, which the runner's own page could not obey; e2e tests check it.
        server: { headers: securityHeaders },
        // Looked through for packages before the first test: finding one later would reload the page during a test.
        optimizeDeps: { entries: ['src/main.ts', 'src/*/worker.ts'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: browserLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
