import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'

const built = fileURLToPath(new URL('../../dist', import.meta.url))

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/**
 * Serves the built app below /margin/ with no header but the type, as a host for static files does.
 * @param version what is added to the service worker's code
 */
function startPlainHost(version = () => ''): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/margin\//, '').replace(/^$/, 'index.html')
    readFile(join(built, path)).then(
      (content) => {
        response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream')
        response.end(path === 'service-worker.js' ? `${content.toString()}${version()}` : content)
      },
      () => {
        response.statusCode = 404
        response.end()
      },
    )
  })
  return new Promise((resolve) => {
    server.listen(0, 'localhost', () => resolve(server))
  })
}

test('on a host without headers, in a subfolder, the page isolates itself and works offline', async ({
  page,
  context,
}) => {
  const server = await startPlainHost()
  try {
    const { port } = server.address() as AddressInfo
    // Looking into the page would count as the user's activity, which holds the reload back.
    let loads = 0
    const reloaded = new Promise<void>((resolve) => {
      page.on('load', () => {
        if (++loads === 2) resolve()
      })
    })
    await page.goto(`http://localhost:${port}/margin/`)
    await reloaded
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)

    await context.setOffline(true)
    await page.reload()
    await expect(page.locator('#app > *').first()).toBeVisible()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a new version waits until the user takes it', async ({ page }) => {
  let version = ''
  const server = await startPlainHost(() => version)
  const hasWaiting = (): Promise<boolean> =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null)
  try {
    const { port } = server.address() as AddressInfo
    await page.goto(`http://localhost:${port}/margin/`)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    expect(await hasWaiting()).toBe(false)

    version = '// the next version'
    await page.reload()
    await expect(page.getByText('A new version of Margin is ready.')).toBeVisible()
    expect(await hasWaiting()).toBe(true)

    const reloaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Reload' }).click()
    await reloaded
    expect(await hasWaiting()).toBe(false)
    await expect(page.getByText('A new version of Margin is ready.')).toBeHidden()
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
