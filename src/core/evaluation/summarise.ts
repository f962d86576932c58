import type { CategoryAccumulation, PrecisionRecall } from './accumulate'
import { IOU_THRESHOLDS, RECALL_POINTS, type AreaName } from './parameters'
import type { CocoMetrics } from './types'

/** Index of an IoU threshold of `IOU_THRESHOLDS`. */
const AT_50 = 0
const AT_75 = 5

/**
 * COCO's twelve figures, averaged over the categories that have something to find. A figure no
 * category has is undefined.
 */
export function summarise(categories: readonly CategoryAccumulation[]): CocoMetrics {
  const ap = (area: AreaName) =>
    mean(categories.map((category) => averagePrecision(category.byArea.get(area))))
  const ar = (pick: (category: CategoryAccumulation) => PrecisionRecall | undefined) =>
    mean(categories.map((category) => averageRecall(pick(category))))
  const apAt = (threshold: number) =>
    mean(categories.map((category) => averagePrecision(category.byArea.get('all'), threshold)))
  return {
    ap: ap('all'),
    ap50: apAt(AT_50),
    ap75: apAt(AT_75),
    apSmall: ap('small'),
    apMedium: ap('medium'),
    apLarge: ap('large'),
    ar1: ar((category) => category.best1),
    ar10: ar((category) => category.best10),
    ar100: ar((category) => category.byArea.get('all')),
    arSmall: ar((category) => category.byArea.get('small')),
    arMedium: ar((category) => category.byArea.get('medium')),
    arLarge: ar((category) => category.byArea.get('large')),
  }
}

/** Mean precision over the 101 recall points, at one IoU threshold or (none given) at all ten. */
function averagePrecision(
  curve: PrecisionRecall | undefined,
  threshold?: number,
): number | undefined {
  if (curve === undefined) return undefined
  const points = RECALL_POINTS.length
  const values =
    threshold === undefined
      ? curve.precision
      : curve.precision.subarray(threshold * points, (threshold + 1) * points)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Recall averaged over the ten IoU thresholds. */
function averageRecall(curve: PrecisionRecall | undefined): number | undefined {
  if (curve === undefined) return undefined
  return curve.recall.reduce((sum, value) => sum + value, 0) / IOU_THRESHOLDS.length
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const defined = values.filter((value) => value !== undefined)
  if (defined.length === 0) return undefined
  return defined.reduce((sum, value) => sum + value, 0) / defined.length
}
