import type { CategoryId, ImageId } from '../dataset/types'
import type { Box } from '../geometry/box'

/** One predicted box. */
export interface Detection {
  /** Original-image pixels, top-left origin; clipped to the image. */
  readonly box: Box
  readonly categoryId: CategoryId
  /** Committee-mean probability of `categoryId`, 0..1. */
  readonly score: number
  /** Committee-mean probability of each category at the peak, in category order; independent sigmoids. */
  readonly classProbabilities: readonly number[]
  /** Probability of `categoryId` according to each committee member, length K. */
  readonly memberScores: readonly number[]
}

/** Everything predicted for one image, score descending. */
export interface ImageDetections {
  readonly imageId: ImageId
  readonly detections: readonly Detection[]
}
