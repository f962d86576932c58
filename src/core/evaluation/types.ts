import type { CategoryId, ImageId } from '../dataset/types'
import type { Box } from '../geometry/box'

export interface TruthBox {
  readonly categoryId: CategoryId
  readonly box: Box
  readonly crowd: boolean
  /** Square pixels; defaults to the box's own area (a COCO file may give the segment's). */
  readonly area?: number
}

export interface DetectedBox {
  readonly categoryId: CategoryId
  readonly box: Box
  readonly score: number
}

/** Ground truth and detections of one image, to be compared. */
export interface EvaluationImage {
  readonly imageId: ImageId
  readonly truth: readonly TruthBox[]
  readonly detections: readonly DetectedBox[]
}

/** COCO's twelve figures; `undefined` where COCO prints -1 (nothing to evaluate). */
export interface CocoMetrics {
  readonly ap: number | undefined
  readonly ap50: number | undefined
  readonly ap75: number | undefined
  readonly apSmall: number | undefined
  readonly apMedium: number | undefined
  readonly apLarge: number | undefined
  readonly ar1: number | undefined
  readonly ar10: number | undefined
  readonly ar100: number | undefined
  readonly arSmall: number | undefined
  readonly arMedium: number | undefined
  readonly arLarge: number | undefined
}

/** The same figures of one category alone. */
export interface CategoryMetrics extends CocoMetrics {
  readonly categoryId: CategoryId
  readonly truthCount: number
}

export interface EvaluationResult {
  readonly metrics: CocoMetrics
  readonly perCategory: readonly CategoryMetrics[]
  readonly imageCount: number
  readonly truthCount: number
}
