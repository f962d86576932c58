import { assignObjects, overlaps } from '../../evaluation/matching'
import type { DetectedBox, TruthBox } from '../../evaluation/types'
import type { CalibrationSample } from './types'

/** IoU from which on a detection has found an object. */
const FOUND_IOU = 0.5

export interface JudgedImage {
  readonly detections: readonly DetectedBox[]
  readonly truth: readonly TruthBox[]
}

/**
 * Which detections were right: as in the COCO evaluation at IoU 0.5, best-scored first, each takes the free object of
 * its category that it overlaps most. What finds nothing but a crowd region says nothing and is left out.
 *
 * For a calibration the detections must come from a model that has not seen the image; on its own training images it
 * would seem much too modest.
 */
export function calibrationSamples(images: readonly JudgedImage[]): CalibrationSample[] {
  return images.flatMap(({ detections, truth }) => {
    const categories = [...new Set(detections.map(({ categoryId }) => categoryId))]
    return categories.flatMap((categoryId) =>
      judge(
        detections.filter((detection) => detection.categoryId === categoryId),
        truth.filter((object) => object.categoryId === categoryId),
      ),
    )
  })
}

/** @param detections and truth of one image and category */
function judge(
  detections: readonly DetectedBox[],
  truth: readonly TruthBox[],
): CalibrationSample[] {
  const ranked = [...detections].sort((a, b) => b.score - a.score)
  const iou = overlaps(ranked, truth)
  const indices = truth.map((_, index) => index)
  const single = indices.filter((index) => !truth[index].crowd)
  const crowds = indices.filter((index) => truth[index].crowd)
  const objects = assignObjects(ranked.length, truth, iou, [single, crowds], FOUND_IOU)
  return ranked.flatMap(({ categoryId, score }, index): CalibrationSample[] => {
    const object = objects[index]
    if (object === undefined) return [{ categoryId, score, correct: false, iou: 0 }]
    if (truth[object].crowd) return []
    return [{ categoryId, score, correct: true, iou: iou[index * truth.length + object] }]
  })
}
