/** Builds the app into dist/ when a source is newer than what is there. */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { root } from './setup.mjs'

const sources = ['src', 'public', '.config', 'vite.config.ts', 'package-lock.json']
const page = join(root, 'dist/index.html')
/** Its time is the start of the last build that succeeded. */
const stamp = join(root, '.cache/built')

/**
 * Folders count too: deleting a file changes its folder's time.
 * @param {string} path
 * @returns {number} the newest modification time under `path`, ms since 1970
 */
function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    stat.mtimeMs,
  )
}

function isFresh() {
  const built = statSync(stamp, { throwIfNoEntry: false })
  if (built === undefined || !existsSync(page)) return false
  return sources.every((source) => newest(join(root, source)) <= built.mtimeMs)
}

/** @throws when the build fails, with the bundler's message. */
export async function buildWhenStale() {
  if (isFresh()) return
  console.log('Building ...')
  const start = new Date()
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' })
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
  // A source saved while the build ran may be missing from it.
  utimesSync(stamp, start, start)
}
