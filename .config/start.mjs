/** `npm start`: installs what is missing, builds when needed, serves, and opens the page where there is a desktop. */
import { installPackages, requireNode } from './setup.mjs'

requireNode()
installPackages()

// Only now may modules be loaded that need the packages.
const { buildWhenStale } = await import('./build.mjs')
const { serve } = await import('./serve.mjs')

const { env, platform } = process
const desktop =
  platform === 'win32' ||
  platform === 'darwin' ||
  env.DISPLAY !== undefined ||
  env.WAYLAND_DISPLAY !== undefined

try {
  await buildWhenStale()
  const { url } = await serve({ open: desktop && env.CI === undefined })
  console.log(`\nMargin runs at ${url}\nPress Ctrl+C to stop.`)
} catch (error) {
  console.error(error)
  console.error('Margin could not be started, see above.')
  process.exit(1)
}
