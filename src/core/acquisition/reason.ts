import type { CategoryId } from '../dataset/types'
import type { AcquisitionContext } from './types'

/** Of an image whose detections are undefined. */
export const NOT_PREDICTED = 'no prediction of this image yet'

/** What a reason calls a class: its name, its id where it has none. */
export function categoryName(context: AcquisitionContext, categoryId: CategoryId): string {
  return context.categoryNames?.get(categoryId) ?? categoryId
}

/** '1 box', '2 boxes'. */
export function boxes(count: number): string {
  return count === 1 ? '1 box' : `${count} boxes`
}
