import { assignObjects, overlaps } from './matching'
import type { DetectedBox, TruthBox } from './types'

/** IoU from which on a detection has found an object. */
export const FOUND_IOU = 0.5

/** Truth and detections of one image. */
export interface JudgedImage {
  readonly truth: readonly TruthBox[]
  readonly detections: readonly DetectedBox[]
}

/** What a detection turned out to be. */
export type Finding =
  /** `index` into the image's truth. */
  | { readonly kind: 'object'; readonly index: number; readonly iou: number }
  /** Nothing but a crowd region is there, which makes it neither right nor wrong. */
  | { readonly kind: 'crowd' }
  | { readonly kind: 'nothing' }

/**
 * What each detection of an image found at IoU 0.5, as the COCO evaluation matches them: best-scored first, each takes
 * the free object of its category that it overlaps most, and a crowd region where there is none.
 * @returns parallel to the detections
 */
export function findObjects({ truth, detections }: JudgedImage): Finding[] {
  const findings = detections.map((): Finding => ({ kind: 'nothing' }))
  for (const categoryId of new Set(detections.map((detection) => detection.categoryId))) {
    const places = detections
      .flatMap((detection, place) => (detection.categoryId === categoryId ? [place] : []))
      .sort((a, b) => detections[b].score - detections[a].score)
    const own = truth.flatMap((object, index) => (object.categoryId === categoryId ? [index] : []))
    const objects = own.map((index) => truth[index])
    const iou = overlaps(
      places.map((place) => detections[place]),
      objects,
    )
    const all = own.map((_, index) => index)
    const candidates = [
      all.filter((index) => !objects[index].crowd),
      all.filter((index) => objects[index].crowd),
    ]
    const found = assignObjects(places.length, objects, iou, candidates, FOUND_IOU)
    places.forEach((place, rank) => {
      const object = found[rank]
      if (object === undefined) return
      findings[place] = objects[object].crowd
        ? { kind: 'crowd' }
        : { kind: 'object', index: own[object], iou: iou[rank * objects.length + object] }
    })
  }
  return findings
}
