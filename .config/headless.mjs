/** Runs a module of the project in headless Chromium, with a data set served beside it. */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename, join, normalize, resolve, sep } from 'node:path'
import { chromium } from 'playwright'
import { createServer, runnerImport } from 'vite'
import { browserLaunchOptions, findBrowser } from './browser.mjs'
import { parseCount, runCommand, UsageError } from './command.mjs'
import { startPageTrace, stopPageTrace } from './page-trace.mjs'
import { root } from './setup.mjs'

export const defaultDataFolder = join(root, '../shared/datasets/blood-cells')

export { parseCount, runCommand, UsageError }

/**
 * @param {string} folder a data set in COCO format
 * @returns {string} its absolute path
 * @throws {UsageError} when it is not one
 */
export function checkDataFolder(folder) {
  const path = resolve(folder)
  if (existsSync(join(path, 'instances.json')) && existsSync(join(path, 'images'))) return path
  throw new UsageError(
    `There is no data set in ${path}: it needs a file instances.json (COCO format) and a folder images/. ` +
      'Give another folder.',
  )
}

/**
 * Serves one folder under a path.
 * @param {string} path
 * @param {string} folder
 * @returns {import('vite').Plugin}
 */
function folderPlugin(path, folder) {
  return {
    name: 'data-folder',
    configureServer(server) {
      server.middlewares.use(path, (request, response, next) => {
        const file = join(folder, normalize(decodeURIComponent(request.url?.split('?')[0] ?? '')))
        if (!file.startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) {
          response.statusCode = 404
          response.end()
          return
        }
        createReadStream(file).on('error', next).pipe(response)
      })
    },
  }
}

/**
 * Opens a browser on a page from which the project's modules can be run.
 * @param {string} [folder] absolute path of the data set
 */
export async function openHeadless(folder) {
  if (findBrowser() === undefined) {
    throw new UsageError(
      'No browser was found. Install Chrome, Chromium or Edge, or run `npx playwright install chromium`.',
    )
  }
  const server = await createServer({
    configFile: join(root, '.config/bench-server.ts'),
    plugins: folder === undefined ? [] : [folderPlugin('/data/', folder)],
  })
  await server.listen()
  const browser = await chromium.launch({ headless: true, ...browserLaunchOptions() })
  const address = server.resolvedUrls?.local[0]

  return {
    browserVersion: browser.version(),
    /** What every module is told about the data set. */
    data: { folderUrl: new URL('/data/', address).href, dataset: basename(folder ?? '') },
    /**
     * Calls a module's `run(options, report, functions)` in a page of its own.
     * @param {string} module path from the repository's root
     * @param {object} options plain data
     * @param {Record<string, (value: any) => unknown>} functions of this process that the module may call
     * @returns {Promise<any>} what it returns
     * @throws {UsageError} when the module throws one
     */
    async run(module, options, functions = {}) {
      const page = await browser.newPage()
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) console.error(message.text())
      })
      page.on('pageerror', (error) => console.error(error))
      await page.exposeFunction('report', (/** @type {string} */ text) => console.error(text))
      for (const [name, call] of Object.entries(functions)) await page.exposeFunction(name, call)
      // A page cannot make events that the browser takes for those of a mouse.
      await page.exposeFunction(
        'mouse',
        async (
          /** @type {'move' | 'down' | 'up'} */ action,
          /** @type {number} */ x,
          /** @type {number} */ y,
          /** @type {'left' | 'middle'} */ button = 'left',
        ) => {
          if (action === 'move') await page.mouse.move(x, y)
          else await page.mouse[action]({ button })
        },
      )
      await page.exposeFunction('startTrace', () => startPageTrace(browser, page))
      await page.exposeFunction('stopTrace', () => stopPageTrace(browser))
      await page.goto(new URL('test/bench/index.html', address).href)
      try {
        const { value, mistake } = await page.evaluate(
          async ({ path, given, names }) => {
            const exposed = names.map((name) => [name, Reflect.get(globalThis, name)])
            const report = Reflect.get(globalThis, 'report')
            const { run } = await import(path)
            try {
              return { value: await run(given, report, Object.fromEntries(exposed)) }
            } catch (error) {
              if (error instanceof Error && error.name === 'UsageError')
                return { mistake: error.message }
              throw error
            }
          },
          { path: `/${module}`, given: options, names: Object.keys(functions) },
        )
        if (mistake !== undefined) throw new UsageError(mistake)
        return value
      } finally {
        await page.close()
      }
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/**
 * Model settings from the values of `--set NAME=VALUE`.
 * @param {string[]} texts
 * @throws an error by the name of UsageError
 */
export async function parseModelSettings(texts) {
  /** @type {{module: typeof import('../src/cli/model-settings')}} */
  const { module } = await runnerImport('./src/cli/model-settings.ts', {
    root,
    configFile: false,
    logLevel: 'warn',
  })
  return module.parseModelSettings(texts)
}
