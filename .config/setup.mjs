/** Checks Node and installs the packages of the lock file. Needs nothing installed itself. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * @param {string} path
 * @returns {any} the parsed file
 */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Ends the process with advice when this Node is older than `engines` in package.json asks for. */
export function requireNode() {
  const wanted = readJson(`${root}package.json`).engines.node.replace('>=', '')
  const needed = wanted.split('.').map(Number)
  const found = process.versions.node.split('.').map(Number)
  const at = needed.findIndex(
    (/** @type {number} */ part, /** @type {number} */ index) => part !== found[index],
  )
  if (at === -1 || found[at] > needed[at]) return
  console.error(
    `Margin needs Node ${wanted} or newer, but this is Node ${process.versions.node}. ` +
      'Install a current version from https://nodejs.org and run the command again.',
  )
  process.exit(1)
}

/** Whether node_modules holds exactly the versions of the lock file (packages for other systems aside). */
function isInstalled() {
  const recorded = `${root}node_modules/.package-lock.json`
  if (!existsSync(recorded)) return false
  const wanted = readJson(`${root}package-lock.json`).packages
  const present = readJson(recorded).packages
  return Object.keys(wanted).every((path) => {
    if (path === '') return true
    if (present[path] === undefined)
      return wanted[path].optional === true || wanted[path].peer === true
    return present[path].version === wanted[path].version
  })
}

/** Runs `npm ci` unless node_modules already matches the lock file; ends the process when that fails. */
export function installPackages() {
  if (isInstalled()) return
  console.log('Installing packages (npm ci) ...')
  const windows = process.platform === 'win32'
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']
  const { status } = spawnSync(windows ? 'npm.cmd' : 'npm', options, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    // The browser is found or installed separately, and only for tests.
    env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', NODE_ENV: '' },
  })
  if (status === 0) return
  console.error(
    'npm ci failed, see above. Check the network connection, then run the command again.',
  )
  process.exit(1)
}
