let last: Promise<unknown> = Promise.resolve()

/**
 * Runs pieces of work one after the other, each in a task of its own: two dozen pictures that arrive together would
 * otherwise be shown in a single task, which holds up the page. Work whose `wanted` says no by then is left out.
 */
export function oneATask(work: () => Promise<void>, wanted: () => boolean): void {
  last = last.then(async () => {
    if (!wanted()) return
    await work()
    await new Promise((resolve) => setTimeout(resolve))
  })
}
