import type { CategoryId } from '../dataset/types'
import type { CategoryCount, Detection } from './types'

/**
 * How many objects of each category are seen, in category order: every committee member counts the detections that it
 * gives a probability of at least `threshold`; `count` is the mean and `deviation` the standard deviation (of the
 * population) of the members' counts. Both are 0 where nothing was detected.
 */
export function countDetections(
  detections: readonly Detection[],
  categories: readonly CategoryId[],
  threshold: number,
): CategoryCount[] {
  return categories.map((categoryId) => {
    const own = detections.filter((detection) => detection.categoryId === categoryId)
    const members = own.reduce((most, { memberScores }) => Math.max(most, memberScores.length), 0)
    if (members === 0) return { categoryId, count: 0, deviation: 0 }
    const counts = Array.from(
      { length: members },
      (_, member) =>
        own.filter(({ memberScores }) => (memberScores[member] ?? 0) >= threshold).length,
    )
    const count = counts.reduce((sum, value) => sum + value, 0) / members
    const variance = counts.reduce((sum, value) => sum + (value - count) ** 2, 0) / members
    return { categoryId, count, deviation: Math.sqrt(variance) }
  })
}
