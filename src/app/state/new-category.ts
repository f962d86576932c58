import { CATEGORY_COLORS, CATEGORY_KEYS, categoryColor } from '../../core/dataset/palette'
import type { Category, CategoryId, ProjectId } from '../../core/dataset/types'
import type { Services } from './services'

/** A category that comes after the given ones, with the first colour and key that none of them has. */
export function newCategory(
  services: Services,
  projectId: ProjectId,
  name: string,
  existing: readonly Category[],
): Category {
  const colors = new Set(existing.map(({ color }) => color))
  const keys = new Set(existing.map(({ key }) => key))
  const order = existing.length
  return {
    id: services.newId<CategoryId>(),
    projectId,
    name,
    color: CATEGORY_COLORS.find((color) => !colors.has(color)) ?? categoryColor(order),
    key: CATEGORY_KEYS.find((key) => !keys.has(key)) ?? '',
    order,
  }
}
