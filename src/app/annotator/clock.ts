import type { ImageId } from '../../core/dataset/types'

/** Time without input after which somebody is taken to have stopped labelling, in milliseconds. */
const idleAfter = 15_000

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
    if (this.#visible && until > this.#countedUntil)
      this.#milliseconds += until - this.#countedUntil
    this.#countedUntil = Math.max(now, this.#countedUntil)
  }
}

/** Books active time on the image it was spent on, until the image's next step is written. */
export class LabelTimer {
  readonly #clock: ActiveClock
  readonly #seconds = new Map<ImageId, number>()
  #imageId: ImageId | undefined

  constructor(imageId: ImageId | undefined, now: number) {
    this.#clock = new ActiveClock(now)
    this.#imageId = imageId
  }

  input(now: number): void {
    this.#clock.input(now)
  }

  setVisible(visible: boolean, now: number): void {
    this.#clock.setVisible(visible, now)
  }

  /** From now on time is spent on this image; opening it counts as input. */
  turnTo(imageId: ImageId | undefined, now: number): void {
    this.#book(now)
    this.#imageId = imageId
    this.#clock.input(now)
  }

  /** The seconds spent on the image and not taken yet. */
  take(imageId: ImageId, now: number): number {
    this.#book(now)
    const seconds = this.#seconds.get(imageId) ?? 0
    this.#seconds.delete(imageId)
    return seconds
  }

  #book(now: number): void {
    const seconds = this.#clock.take(now)
    if (this.#imageId === undefined) return
    this.#seconds.set(this.#imageId, (this.#seconds.get(this.#imageId) ?? 0) + seconds)
  }
}
