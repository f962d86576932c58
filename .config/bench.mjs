/**
 * Runs benchmarks in headless Chromium: `npm run bench` lists them, `npm run bench -- detector data=playing-cards` runs one.
 * Each is a module `test/bench/<name>.bench.ts` exporting `run(options, report)`; it returns the rows of a table.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { browserLaunchOptions } from './browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const suffix = '.bench.ts'
const names = readdirSync(`${root}test/bench`)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))

const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.log(`Usage: npm run bench -- NAME [option=value ...]\nBenchmarks: ${names.join(', ')}`)
  process.exit(name === undefined ? 0 : 1)
}
const options = Object.fromEntries(
  rest.map((argument) => {
    const [key, ...value] = argument.split('=')
    return [key, value.join('=')]
  }),
)

const server = await createServer({ configFile: `${root}.config/bench-server.ts` })
await server.listen()
const browser = await chromium.launch({ headless: true, ...browserLaunchOptions() })
try {
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.error(message.text())
  })
  page.on('pageerror', (error) => console.error(error))
  await page.exposeFunction('reportProgress', (/** @type {string} */ text) => console.error(text))
  await page.goto(new URL('test/bench/index.html', server.resolvedUrls?.local[0]).href)
  const rows = await page.evaluate(
    async ({ path, options: given }) =>
      (await import(path)).run(given, Reflect.get(globalThis, 'reportProgress')),
    { path: `/test/bench/${name}${suffix}`, options },
  )
  console.table(rows)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await browser.close()
  await server.close()
}
