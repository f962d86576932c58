import type { RandomSource } from '../../core/random/types'

/** Where an order stands; with the seed it decides everything that follows. */
export interface ImageOrderState {
  /** Epochs begun. */
  readonly epoch: number
  /** Positions still to come in this epoch, the next one last. */
  readonly queue: readonly number[]
}

/** Hands out positions 0..count-1 epoch by epoch, each epoch in a random order of its own. */
export class ImageOrder {
  readonly #positions: readonly number[]
  readonly #random: RandomSource
  #epoch = 0
  #queue: number[] = []

  constructor(count: number, random: RandomSource) {
    this.#positions = Array.from({ length: count }, (_, position) => position)
    this.#random = random
  }

  get state(): ImageOrderState {
    return { epoch: this.#epoch, queue: [...this.#queue] }
  }

  set state({ epoch, queue }: ImageOrderState) {
    this.#epoch = epoch
    this.#queue = [...queue]
  }

  /** The next `count` different positions; all of them when there are fewer. */
  next(count: number): number[] {
    const wanted = Math.min(count, this.#positions.length)
    const drawn = new Set<number>()
    while (drawn.size < wanted) {
      const position = this.#queue.pop()
      if (position !== undefined) drawn.add(position)
      else this.#queue = this.#random.fork(`epoch ${this.#epoch++}`).shuffle(this.#positions)
    }
    return [...drawn]
  }
}
