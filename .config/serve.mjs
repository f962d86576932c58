/** Serves dist/ with the headers of vite.config.ts. */
import { join } from 'node:path'
import { preview } from 'vite'
import { root } from './setup.mjs'

/**
 * @param {{port?: number, open?: boolean}} [options] `port` 0 or a taken one moves to a free one
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serve(options = {}) {
  const { port = 4173, open = false } = options
  const server = await preview({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    preview: { port, open },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error(`The server on port ${port} has no local address.`)
  return { url, close: () => server.close() }
}
