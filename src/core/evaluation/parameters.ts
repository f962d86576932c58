/** The constants of the COCO detection evaluation (Lin et al. 2014), as its reference code has them. */

/** numpy's linspace, operation by operation: a threshold off by one ulp can flip an exact match. */
function linspace(start: number, stop: number, count: number): readonly number[] {
  const step = (stop - start) / (count - 1)
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : start + i * step))
}

/** IoU from which a detection may match: 0.50, 0.55, ..., 0.95. */
export const IOU_THRESHOLDS = linspace(0.5, 0.95, 10)

/** Recall at which precision is sampled: 0.00, 0.01, ..., 1.00. */
export const RECALL_POINTS = linspace(0, 1, 101)

/** Detections beyond this many an image and category are not looked at, best first. */
export const MAX_DETECTIONS = 100

export type AreaName = 'all' | 'small' | 'medium' | 'large'

/** Square pixels, both ends included: a box of exactly 32 x 32 is small and medium. */
export interface AreaRange {
  readonly name: AreaName
  readonly min: number
  readonly max: number
}

export const AREA_RANGES: readonly AreaRange[] = [
  { name: 'all', min: 0, max: 1e10 },
  { name: 'small', min: 0, max: 32 ** 2 },
  { name: 'medium', min: 32 ** 2, max: 96 ** 2 },
  { name: 'large', min: 96 ** 2, max: 1e10 },
]
