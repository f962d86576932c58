/** Neighbouring values that share their mean. */
export interface Block {
  readonly sum: number
  readonly count: number
}

/**
 * Isotonic regression by pooling adjacent violators (Barlow et al. 1972): neighbours whose means do not grow become one
 * block, until the means grow from block to block. Giving every value the mean of its block is the non-decreasing
 * sequence nearest to the values in the least squares sense.
 * @param blocks in the order in which the means are to grow
 * @param merge one block of two neighbours: sums and counts added
 */
export function poolViolators<T extends Block>(
  blocks: readonly T[],
  merge: (before: T, after: T) => T,
): T[] {
  const pooled: T[] = []
  for (const next of blocks) {
    let block = next
    let last = pooled.at(-1)
    while (last !== undefined && last.sum * block.count >= block.sum * last.count) {
      pooled.pop()
      block = merge(last, block)
      last = pooled.at(-1)
    }
    pooled.push(block)
  }
  return pooled
}
