/**
 * Isotonic regression of equally weighted values: the non-decreasing sequence nearest to them in the least squares sense,
 * by pooling adjacent violators (Barlow et al. 1972).
 */
export function isotonicFit(values: readonly number[]): number[] {
  const blocks: { readonly sum: number; readonly count: number }[] = []
  for (const value of values) {
    let block = { sum: value, count: 1 }
    let last = blocks.at(-1)
    while (last !== undefined && last.sum * block.count >= block.sum * last.count) {
      blocks.pop()
      block = { sum: last.sum + block.sum, count: last.count + block.count }
      last = blocks.at(-1)
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
}
