import { poolViolators } from './pool-violators'

/** Isotonic regression of equally weighted values: the nearest non-decreasing sequence (least squares). */
export function isotonicFit(values: readonly number[]): number[] {
  const blocks = poolViolators(
    values.map((value) => ({ sum: value, count: 1 })),
    (before, after) => ({ sum: before.sum + after.sum, count: before.count + after.count }),
  )
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
}
