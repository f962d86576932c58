import type { CategoryId } from '../dataset/types'
import type { CategoryCount, Detection } from './types'

/**
 * Counts the objects of each category: every committee member counts the detections that it gives a probability of at
 * least `threshold`. Heads are compared by what they have counted in all: one that sees too much does so on every image.
 */
export class ObjectCount {
  readonly #threshold: number
  /** What each member counts. */
  readonly #members: ReadonlyMap<CategoryId, number[]>

  constructor(categories: readonly CategoryId[], threshold: number) {
    this.#threshold = threshold
    this.#members = new Map(categories.map((id) => [id, []]))
  }

  /** Counts these as well; those of other categories are left out. */
  add(detections: readonly Detection[]): void {
    for (const { categoryId, memberScores } of detections) {
      const counts = this.#members.get(categoryId)
      memberScores.forEach((score, member) => {
        if (counts !== undefined)
          counts[member] = (counts[member] ?? 0) + (score >= this.#threshold ? 1 : 0)
      })
    }
  }

  /**
   * In category order: `count` is the mean and `deviation` the standard deviation (of the population) of the members'
   * counts. Both are 0 where nothing was detected.
   */
  get counts(): CategoryCount[] {
    return [...this.#members].map(([categoryId, counts]) => {
      if (counts.length === 0) return { categoryId, count: 0, deviation: 0 }
      const count = counts.reduce((sum, value) => sum + value, 0) / counts.length
      const variance = counts.reduce((sum, value) => sum + (value - count) ** 2, 0) / counts.length
      return { categoryId, count, deviation: Math.sqrt(variance) }
    })
  }
}

/** How many objects of each category are seen in one go; see `ObjectCount`. */
export function countDetections(
  detections: readonly Detection[],
  categories: readonly CategoryId[],
  threshold: number,
): CategoryCount[] {
  const count = new ObjectCount(categories, threshold)
  count.add(detections)
  return count.counts
}
