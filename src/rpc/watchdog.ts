/** Looks taken in the time that silence may last. */
const looks = 10

/**
 * Calls out once nothing was heard for `limitMs` while it watched. It counts its looks and not the time: a machine that
 * sleeps, or a tab that is frozen, holds up both sides, and would pass for silence by the clock.
 */
export class Watchdog {
  readonly #limitMs: number
  readonly #onSilence: () => void
  #timer: ReturnType<typeof setInterval> | undefined
  #silent = 0

  constructor(limitMs: number, onSilence: () => void) {
    this.#limitMs = limitMs
    this.#onSilence = onSilence
  }

  /** Begins to watch; while it watches already, nothing changes. */
  start(): void {
    if (this.#timer !== undefined) return
    this.#silent = 0
    this.#timer = setInterval(() => this.#look(), this.#limitMs / looks)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  heard(): void {
    this.#silent = 0
  }

  #look(): void {
    this.#silent += 1
    if (this.#silent < looks) return
    this.stop()
    this.#onSilence()
  }
}
