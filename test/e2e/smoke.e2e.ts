import { expect, test, type Page } from '@playwright/test'

const baseUrl = process.env.BASE_URL ?? ''
const origin = new URL(baseUrl).origin

/** Collects everything that must never happen while `page` is used. */
function watch(page: Page): { readonly problems: string[] } {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.origin !== origin) {
      problems.push(`foreign request: ${request.url()}`)
    }
  })
  page.on('requestfailed', (request) => problems.push(`failed request: ${request.url()}`))
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`)
  })
  return { problems }
}

/** Opens the app and waits until all of it is stored for offline use. */
async function visit(page: Page): Promise<void> {
  await page.goto(baseUrl)
  await expect(page).toHaveTitle(/Margin/)
  await expect(page.locator('#app > *').first()).toBeVisible()
  await page.waitForFunction(async () => {
    await navigator.serviceWorker.ready
    return navigator.serviceWorker.controller !== null
  })
}

test('every answer isolates the page and states the content security policy', async ({ page }) => {
  const response = await page.request.get(baseUrl)
  expect(response.status()).toBe(200)
  const headers = response.headers()
  expect(headers['cross-origin-opener-policy']).toBe('same-origin')
  expect(headers['cross-origin-embedder-policy']).toBe('require-corp')
  expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBe('no-referrer')
  const policy = headers['content-security-policy'] ?? ''
  for (const directive of [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy.split('; ')).toContain(directive)
  }
  const html = await response.text()
  expect(html).toContain('<meta http-equiv="Content-Security-Policy"')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)

  const missing = await page.request.get(`${baseUrl}models/missing.bin`)
  expect(missing.status()).toBe(404)
})

test('the page opens isolated, without an error and without a foreign request', async ({
  page,
}) => {
  const { problems } = watch(page)
  await visit(page)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(problems).toEqual([])
})

test('the policy stops foreign requests and inline scripts', async ({ page }) => {
  await visit(page)
  // Resolves when all three are seen, of the header's policy or the page's own; else the test times out.
  const violations = await page.evaluate(async () => {
    const seen = new Set<string>()
    const complete = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        if (seen.add(effectiveDirective).size === 3) resolve()
      })
    })
    await fetch('https://example.com/').catch(() => undefined)
    const script = document.createElement('script')
    script.textContent = 'document.title = "injected"'
    document.body.append(script)
    const link = document.createElement('a')
    link.setAttribute('onclick', 'document.title = "injected"')
    link.click()
    await complete
    return [...seen]
  })
  expect(violations.sort()).toEqual(['connect-src', 'script-src-attr', 'script-src-elem'])
  await expect(page).not.toHaveTitle('injected')
})

test('after the first visit the app opens isolated with the network off', async ({
  page,
  context,
}) => {
  await visit(page)
  const { problems } = watch(page)
  await context.setOffline(true)
  const response = await page.reload()
  expect(response?.fromServiceWorker()).toBe(true)
  await expect(page.locator('#app > *').first()).toBeVisible()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)

  // Every built file is there, so nothing that is loaded later can be missing.
  const files = await page.evaluate(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map((request) => request.url)
  })
  expect(files.length).toBeGreaterThan(2)
  const statuses = await page.evaluate(
    (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).status)),
    files,
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(problems).toEqual([])
})
