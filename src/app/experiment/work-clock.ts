/** Seconds spent on work, pauses left out. Pure bookkeeping; every method is told the time in milliseconds. */
export class WorkClock {
  #milliseconds = 0
  #since: number | undefined

  constructor(now: number) {
    this.#since = now
  }

  /** The work stops or goes on. */
  hold(paused: boolean, now: number): void {
    if (paused) {
      this.#milliseconds += now - (this.#since ?? now)
      this.#since = undefined
    } else this.#since ??= now
  }

  seconds(now: number): number {
    return (this.#milliseconds + now - (this.#since ?? now)) / 1000
  }
}
