import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { browserLaunchOptions } from './browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  testDir: `${root}test/e2e`,
  testMatch: '**/*.e2e.ts',
  outputDir: `${root}test-results`,
  globalSetup: `${root}.config/playwright-setup.ts`,
  tsconfig: `${root}tsconfig.json`,
  workers: 1,
  retries: 0,
  timeout: 120_000,
  forbidOnly: process.env.CI !== undefined,
  reporter: 'line',
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: browserLaunchOptions(),
    viewport: { width: 1280, height: 800 },
    trace: 'off',
    screenshot: { mode: 'only-on-failure', fullPage: true },
  },
})
