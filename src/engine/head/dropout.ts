import type { RandomSource } from '../../core/random/types'

/** Numbers more than a step needs, so that there are many places to cut from. */
const spare = 1 << 16

/** Dropout factors cut from a long random table at random places: drawing each anew would cost as much as the step. */
export class DropoutTable {
  readonly #factors: Float32Array

  /** @param longest most factors ever taken at once */
  constructor(rate: number, longest: number, random: RandomSource) {
    const keep = 1 / (1 - rate)
    this.#factors = Float32Array.from({ length: longest + spare }, () =>
      random.next() < rate ? 0 : keep,
    )
  }

  /** `length` factors: 0 for a dropped unit, else 1 / keep probability. Not to be written to. */
  take(length: number, random: RandomSource): Float32Array {
    const start = random.integer(this.#factors.length - length)
    return this.#factors.subarray(start, start + length)
  }
}
