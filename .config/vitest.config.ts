import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { backbonePlugin } from './backbone-plugin.ts'
import { browserLaunchOptions } from './browser.mjs'
import { securityHeaders } from './headers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

// The runner's own page needs inline scripts, so only the isolation headers apply here; e2e tests check the policy.
const { 'Content-Security-Policy': _policy, ...headers } = securityHeaders

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
        server: { headers },
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
