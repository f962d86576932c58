import type { CategoryId } from '../../dataset/types'
import type { AcquisitionContext } from '../types'

/** In how many labelled images each category is seen; crowd regions do not count. */
export function labeledImagesByCategory({
  labeled,
  categories,
}: AcquisitionContext): Map<CategoryId, number> {
  const counts = new Map(categories.map((categoryId) => [categoryId, 0]))
  for (const { truth } of labeled) {
    const seen = new Set(truth.filter(({ crowd }) => !crowd).map(({ categoryId }) => categoryId))
    for (const categoryId of seen) counts.set(categoryId, (counts.get(categoryId) ?? 0) + 1)
  }
  return counts
}

/** 1 / (1 + labelled images of the category), scaled so that the rarest category has 1. */
export function categoryRarity(context: AcquisitionContext): Map<CategoryId, number> {
  const counts = labeledImagesByCategory(context)
  const fewest = Math.min(...counts.values())
  return new Map([...counts].map(([categoryId, count]) => [categoryId, (1 + fewest) / (1 + count)]))
}
