import { nextTask } from '../../rpc/next-task'
import type { Heartbeat } from '../../rpc/server'

/** Holds long work while the page wants it to; one for the whole worker, as there is one device. */
export class PauseGate {
  #opening: { readonly opened: Promise<void>; readonly open: () => void } | undefined

  get closed(): boolean {
    return this.#opening !== undefined
  }

  close(): void {
    if (this.#opening !== undefined) return
    let open = (): void => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#opening = { opened, open }
  }

  open(): void {
    this.#opening?.open()
    this.#opening = undefined
  }

  /** Resolves once the gate is open or the signal is aborted. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.#opening !== undefined && !signal.aborted) {
      const { opened } = this.#opening
      const listening = new AbortController()
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { signal: listening.signal })
      })
      await Promise.race([opened, aborted])
      listening.abort()
    }
  }
}

export const workerGate = new PauseGate()

/** Whether any work in this worker drew breath since the last heartbeat. */
let hasBreathed = false

/** Work that draws breath goes on, however long a unit of it takes to be worth a report. */
export const workerHeartbeat: Heartbeat = {
  isAlive: () => {
    const isAlive = hasBreathed || workerGate.closed
    hasBreathed = false
    return isAlive
  },
  everyMs: 5000,
}

/** Gives other messages to the worker (a cancellation above all) a chance, at most every few milliseconds. */
export class Pacer {
  readonly #signal: AbortSignal
  readonly #gate: PauseGate
  /** Moved on by every pause, so that pauses do not count as work. */
  #begin = performance.now()
  #last = this.#begin

  constructor(signal: AbortSignal, gate: PauseGate = workerGate) {
    this.#signal = signal
    this.#gate = gate
  }

  /**
   * Waits for one turn of the event loop when the last was a while ago, and for as long as the gate is closed.
   * @throws the signal's reason once aborted.
   */
  async breathe(): Promise<void> {
    hasBreathed = true
    if (performance.now() - this.#last > 30) {
      await nextTask()
      this.#last = performance.now()
    }
    if (this.#gate.closed) {
      const heldAt = performance.now()
      await this.#gate.passed(this.#signal)
      this.#last = performance.now()
      this.#begin += this.#last - heldAt
    }
    this.#signal.throwIfAborted()
  }

  /** Seconds worked so far, pauses left out. */
  get seconds(): number {
    return (performance.now() - this.#begin) / 1000
  }

  /** Seconds until `total` units are done when `done` took as long as they did. */
  secondsLeft(done: number, total: number): number {
    return done === 0 ? 0 : (this.seconds / done) * (total - done)
  }
}
