import type { RandomSource } from '../core/random/types'

/** Uniform in [low, high). */
export function between(random: RandomSource, low: number, high: number): number {
  return low + (high - low) * random.next()
}

/** True with the given probability. */
export function chance(random: RandomSource, probability: number): boolean {
  return random.next() < probability
}

/** One item, each equally likely. @throws RangeError when there are none. */
export function pick<T>(random: RandomSource, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('pick: the list is empty; pass at least one item.')
  return items[random.integer(items.length)]
}
