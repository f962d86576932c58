/** How long the tasks of a page's thread ran, by the browser's own trace: waiting for a core is not counted. */

/** The browser's name for one task of a thread, in the category that is traced. */
const task = 'ThreadControllerImpl::RunTask'

/**
 * @param {import('playwright').Browser} browser
 * @param {import('playwright').Page} page
 */
export async function startPageTrace(browser, page) {
  await browser.startTracing(page, { categories: ['toplevel'] })
}

/**
 * @param {import('playwright').Browser} browser
 * @returns {Promise<number>} milliseconds of CPU of the page's longest task since the trace was started
 * @throws {Error} when the browser traced no task of a page
 */
export async function stopPageTrace(browser) {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString())
  /** @param {{pid: number, tid: number}} event */
  const threadOf = ({ pid, tid }) => `${pid} ${tid}`
  const mainThreads = new Set(
    traceEvents
      .filter(
        (/** @type {any} */ { name, args }) =>
          name === 'thread_name' && args.name === 'CrRendererMain',
      )
      .map(threadOf),
  )
  let longest = -Infinity
  for (const event of traceEvents) {
    if (event.name !== task || event.tdur === undefined) continue
    if (mainThreads.has(threadOf(event))) longest = Math.max(longest, event.tdur / 1000)
  }
  if (longest === -Infinity) throw new Error('The browser’s trace holds no task of the page.')
  return longest
}
