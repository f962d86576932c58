/** Builds the app into dist/ when a source is newer than what is there. */
import { readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './setup.mjs'

const sources = ['src', 'public', '.config', 'vite.config.ts', 'package-lock.json']
/** The last file a build writes, so a build that broke off counts as none. */
const lastOutput = join(root, 'dist/service-worker.js')

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
  const built = statSync(lastOutput, { throwIfNoEntry: false })
  if (built === undefined) return false
  return sources.every((source) => newest(join(root, source)) <= built.mtimeMs)
}

/** @throws when the build fails, with the bundler's message. */
export async function buildWhenStale() {
  if (isFresh()) return
  console.log('Building ...')
  const started = new Date()
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  // A source saved while the build ran may be missing from it: date the build by its start.
  utimesSync(lastOutput, started, started)
}
