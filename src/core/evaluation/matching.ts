import { boxArea, intersectionArea } from '../geometry/overlap'
import { IOU_THRESHOLDS, type AreaRange } from './parameters'
import type { DetectedBox, TruthBox } from './types'

/** How the detections of one image and category fared in one area range. */
export interface ImageMatches {
  /** `[threshold * detections + detection]`: 1 where the detection found an object. */
  readonly matched: Uint8Array
  /** Same layout: 1 where the detection counts neither as true nor as false positive. */
  readonly ignored: Uint8Array
  /** Objects that count, that is neither crowd nor outside the area range. */
  readonly positives: number
}

/**
 * IoU of every detection with every object, `[detection * truth.length + object]`. Against a crowd
 * region the union is the detection alone, so that one inside the region overlaps it fully.
 */
export function overlaps(
  detections: readonly DetectedBox[],
  truth: readonly TruthBox[],
): Float64Array {
  const result = new Float64Array(detections.length * truth.length)
  let i = 0
  for (const { box: d } of detections) {
    for (const { box: t, crowd } of truth) {
      const intersection = intersectionArea(d, t)
      if (intersection > 0) {
        const union = crowd ? boxArea(d) : boxArea(d) + boxArea(t) - intersection
        result[i] = intersection / union
      }
      i++
    }
  }
  return result
}

/**
 * Greedy matching at every IoU threshold, as the COCO reference evaluator does it: best-scored
 * detection first, each takes the free object it overlaps most; objects that count go before
 * ignored ones; only crowd regions may be taken more than once.
 *
 * @param detections score descending.
 * @param iou the result of `overlaps(detections, truth)`.
 */
export function matchImage(
  detections: readonly DetectedBox[],
  truth: readonly TruthBox[],
  iou: Float64Array,
  range: AreaRange,
): ImageMatches {
  const outside = (pixels: number) => pixels < range.min || pixels > range.max
  const ignoredTruth = truth.map((t) => t.crowd || outside(t.area ?? boxArea(t.box)))
  const counted = truth.flatMap((_, g) => (ignoredTruth[g] ? [] : [g]))
  const uncounted = truth.flatMap((_, g) => (ignoredTruth[g] ? [g] : []))
  const detectionOutside = detections.map((d) => outside(boxArea(d.box)))

  const matched = new Uint8Array(IOU_THRESHOLDS.length * detections.length)
  const ignored = new Uint8Array(matched.length)
  IOU_THRESHOLDS.forEach((threshold, t) => {
    const taken = new Uint8Array(truth.length)
    // The highest overlap not below the threshold; of equal ones the last, as the reference has it.
    const best = (candidates: readonly number[], row: number) => {
      let found: number | undefined
      let highest = Math.min(threshold, 1 - 1e-10)
      for (const g of candidates) {
        if (taken[g] && !truth[g].crowd) continue
        const overlap = iou[row + g]
        if (overlap < highest) continue
        highest = overlap
        found = g
      }
      return found
    }
    for (let d = 0; d < detections.length; d++) {
      const cell = t * detections.length + d
      const row = d * truth.length
      const object = best(counted, row) ?? best(uncounted, row)
      if (object === undefined) {
        ignored[cell] = detectionOutside[d] ? 1 : 0
      } else {
        taken[object] = 1
        matched[cell] = 1
        ignored[cell] = ignoredTruth[object] ? 1 : 0
      }
    }
  })
  return { matched, ignored, positives: counted.length }
}
