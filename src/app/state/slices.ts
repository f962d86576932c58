/** Long work of the page's own thread. */
import { nextTask } from '../../rpc/next-task'

/** Milliseconds in one task: with what the browser adds to it, a frame is not missed by much and no key waits. */
const longestSlice = 10

/**
 * Gives each item to `use`, in as many tasks of the page as keep each one short; frames are drawn and keys are heard in
 * between. An item itself is never divided.
 * @param onSlice told after each task how many items are done
 * @throws what `use` throws; the signal's reason once it is aborted
 */
export async function inSlices<Item>(
  items: Iterable<Item>,
  signal: AbortSignal,
  use: (item: Item) => void,
  onSlice?: (done: number) => void,
): Promise<void> {
  await nextTask()
  signal.throwIfAborted()
  let begin = performance.now()
  let done = 0
  for (const item of items) {
    if (performance.now() - begin >= longestSlice) {
      onSlice?.(done)
      await nextTask()
      signal.throwIfAborted()
      begin = performance.now()
    }
    use(item)
    done++
  }
  onSlice?.(done)
}
