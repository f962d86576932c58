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
    const objects = assignObjects(detections.length, truth, iou, [counted, uncounted], threshold)
    objects.forEach((object, d) => {
      const cell = t * detections.length + d
      if (object === undefined) {
        ignored[cell] = detectionOutside[d] ? 1 : 0
      } else {
        matched[cell] = 1
        ignored[cell] = ignoredTruth[object] ? 1 : 0
      }
    })
  })
  return { matched, ignored, positives: counted.length }
}

/**
 * The object each detection finds at one IoU threshold, undefined where it finds none: as in `matchImage`.
 * @param count of the detections, score descending
 * @param iou the result of `overlaps(detections, truth)`
 * @param candidates indices of `truth`; those of an earlier list go before those of a later one
 */
export function assignObjects(
  count: number,
  truth: readonly Pick<TruthBox, 'crowd'>[],
  iou: Float64Array,
  candidates: readonly (readonly number[])[],
  threshold: number,
): (number | undefined)[] {
  const taken = new Uint8Array(truth.length)
  // The highest overlap not below the threshold; of equal ones the last, as the reference has it.
  const best = (among: readonly number[], row: number) => {
    let found: number | undefined
    let highest = Math.min(threshold, 1 - 1e-10)
    for (const g of among) {
      if (taken[g] && !truth[g].crowd) continue
      const overlap = iou[row + g]
      if (overlap < highest) continue
      highest = overlap
      found = g
    }
    return found
  }
  const objects = new Array<number | undefined>(count)
  for (let d = 0; d < count; d++) {
    let object: number | undefined
    for (const among of candidates) object ??= best(among, d * truth.length)
    if (object !== undefined) taken[object] = 1
    objects[d] = object
  }
  return objects
}
