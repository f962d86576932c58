/** Time without input after which somebody is taken to have stopped labelling, in milliseconds. */
export const idleAfter = 15_000

/**
 * Counts active labelling time: only while the page is visible and there was input in the last 15 seconds.
 * Pure bookkeeping; every method is told the time in milliseconds.
 */
export class ActiveClock {
  #milliseconds = 0
  #countedUntil: number
  #lastInput: number
  #visible = true

  constructor(now: number) {
    this.#countedUntil = now
    this.#lastInput = now
  }

  /** Somebody moved, typed or touched. */
  input(now: number): void {
    this.#count(now)
    this.#lastInput = now
  }

  /** The page was shown or hidden; showing it counts as input. */
  setVisible(visible: boolean, now: number): void {
    this.#count(now)
    this.#visible = visible
    if (visible) this.#lastInput = now
  }

  /** The active seconds since the last call; starts again at 0. */
  take(now: number): number {
    this.#count(now)
    const seconds = this.#milliseconds / 1000
    this.#milliseconds = 0
    return seconds
  }

  #count(now: number): void {
    const until = Math.min(now, this.#lastInput + idleAfter)
    if (this.#visible && until > this.#countedUntil) this.#milliseconds += until - this.#countedUntil
    this.#countedUntil = Math.max(now, this.#countedUntil)
  }
}
