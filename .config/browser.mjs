/** Finds the Chromium-based browser that runs the browser tests, e2e tests and benchmarks, and says how to launch it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** First major version with everything the app uses. */
const oldestMajor = 121

const linuxNames = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
]

/** @returns {string[]} where browsers are installed on this system, best first */
function installedCandidates() {
  const { env, platform } = process
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    const paths = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']
    return paths.flatMap((path) =>
      folders.flatMap((folder) => (folder ? [join(folder, path)] : [])),
    )
  }
  const folders = ['/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/snap/bin']
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** @returns {string[]} Playwright's own download, when the packages are installed */
function playwrightCandidates() {
  try {
    return [createRequire(import.meta.url)('playwright').chromium.executablePath()]
  } catch {
    return []
  }
}

/**
 * A file of the right name is not enough: Ubuntu ships a placeholder, libraries may be missing, it may be too old.
 * @param {string} path
 */
function runs(path) {
  if (!existsSync(path)) return false
  if (process.platform === 'win32') return true // there --version opens a window
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return Number(/ (\d+)\./.exec(stdout)?.[1]) >= oldestMajor
}

/**
 * The browser in MARGIN_BROWSER when set, else an installed Chrome, Chromium or Edge, else Playwright's own.
 * @returns {string | undefined} path of the executable
 */
export function findBrowser() {
  const chosen = process.env.MARGIN_BROWSER
  const path = chosen || [...installedCandidates(), ...playwrightCandidates()].find(runs)
  // Child processes then need not search again.
  if (path !== undefined) process.env.MARGIN_BROWSER = path
  return path
}

/** Launch options for Playwright: real WebGPU kernels in software, no sandbox for root, no traffic of the browser's own. */
export function browserLaunchOptions() {
  const asRoot = process.getuid?.() === 0
  return {
    executablePath: findBrowser(),
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan,WebGPU',
      '--use-webgpu-adapter=swiftshader',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--no-pings',
    ],
  }
}
