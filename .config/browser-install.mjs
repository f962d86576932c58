/** Gets a browser where none is installed. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { root } from './setup.mjs'

const minute = 60_000

/**
 * @param {string} command
 * @param {string[]} options
 * @param {number} timeout ms
 */
function run(command, options, timeout) {
  console.log(`${[command, ...options].join(' ')} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, options, { stdio: 'inherit', timeout, env }).status === 0
}

function installWithPlaywright() {
  const cli = join(root, 'node_modules/playwright/cli.js')
  return run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], 5 * minute)
}

function installWithDebian() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false
  return (
    run('apt-get', ['update', '-q'], 3 * minute) &&
    run(
      'apt-get',
      ['install', '-q', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      8 * minute,
    )
  )
}

/**
 * An installed browser, else Playwright's download, else Debian's package where this process may install it.
 * @returns {string} path of the executable
 * @throws when there is none and none could be installed
 */
export function ensureBrowser() {
  const found = findBrowser()
  if (found !== undefined) return found
  for (const install of [installWithPlaywright, installWithDebian]) {
    const path = install() ? findBrowser() : undefined
    if (path !== undefined) return path
  }
  throw new Error(
    'The browser tests need Chrome, Chromium or Edge, none was found and none could be installed. ' +
      'Install one, or set MARGIN_BROWSER to the path of its executable, and run the tests again.',
  )
}
