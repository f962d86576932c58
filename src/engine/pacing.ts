/** Gives other messages to the worker (a cancellation above all) a chance, at most every few milliseconds. */
export class Pacer {
  readonly #signal: AbortSignal
  readonly #begin = performance.now()
  #last = this.#begin

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Waits for one turn of the event loop when the last was a while ago. @throws the signal's reason once aborted. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#last > 30) {
      await nextTask()
      this.#last = performance.now()
    }
    this.#signal.throwIfAborted()
  }

  /** Seconds until `total` units are done when `done` took as long as they did. */
  secondsLeft(done: number, total: number): number {
    return done === 0 ? 0 : ((performance.now() - this.#begin) / 1000 / done) * (total - done)
  }
}

/** Resolves in a new task; unlike nested timers, not held back by 4 ms. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
