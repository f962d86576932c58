/** A seeded stream of numbers; the only source of randomness core code may use. */
export interface RandomSource {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, bound). @throws RangeError unless bound is a positive integer. */
  integer(bound: number): number
  /** Standard normal. */
  normal(): number
  /** A new array holding the items in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** An independent stream, derived from this seed and `label`, that does not advance this one. */
  fork(label: string): RandomSource
}
