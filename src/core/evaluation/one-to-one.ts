/** Two things that may belong together. */
export interface Pair {
  readonly a: unknown
  readonly b: unknown
}

/**
 * Greedy matching: of the pairs those that have neither side in common with an earlier one that was taken.
 * @param pairs in order of preference
 */
export function matchOneToOne<T extends Pair>(pairs: readonly T[]): T[] {
  const takenA = new Set<unknown>()
  const takenB = new Set<unknown>()
  return pairs.filter(({ a, b }) => {
    if (takenA.has(a) || takenB.has(b)) return false
    takenA.add(a)
    takenB.add(b)
    return true
  })
}
