/** Boxes in a row, of two categories. */
import type { CategoryId } from '../../src/core/dataset/types'
import type { TruthBox } from '../../src/core/evaluation/types'
import type { Box } from '../../src/core/geometry/box'

export const [cat, dog] = ['cat', 'dog'] as [CategoryId, CategoryId]

/** Ten high, from `x` on. */
export function box(x: number, width = 10): Box {
  return { x, y: 0, width, height: 10 }
}

export function truth(categoryId: CategoryId, place: Box, crowd = false): TruthBox {
  return { categoryId, box: place, crowd }
}
