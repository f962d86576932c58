import { boxIou } from '../geometry/overlap'
import { matchOneToOne } from '../evaluation/one-to-one'
import type { JudgedImage, ProbabilityOfScore } from './types'

/** Below this overlap two boxes are not of the same object. */
const minIou = 0.1

/** The labels of an image that can be wrong (no crowd regions), each with the detection of its class that speaks for it. */
export interface ImageMatch {
  /** By place in `truth`; absent where no detection of the class is left for the label. */
  readonly ofTruth: ReadonlyMap<number, { readonly detection: number; readonly iou: number }>
  /** Places of the detections that are matched. */
  readonly detections: ReadonlySet<number>
}

/**
 * Matches labels and detections of one class one to one, greedily by confidence x IoU: a confident detection goes to the
 * label it lies on, not to a displaced one beside it, and an unsure one never takes the place of a sure one.
 */
export function matchLabels(
  { truth, detections }: JudgedImage,
  confidence: ProbabilityOfScore,
): ImageMatch {
  const pairs = truth.flatMap((label, a) =>
    label.crowd
      ? []
      : detections.flatMap((found, b) => {
          if (found.categoryId !== label.categoryId) return []
          const iou = boxIou(label.box, found.box)
          const weight = confidence(found.categoryId, found.score) * iou
          return iou < minIou ? [] : [{ a, b, iou, weight }]
        }),
  )
  // Stable: equal weights keep the order of labels and detections.
  pairs.sort((a, b) => b.weight - a.weight)
  const matched = matchOneToOne(pairs)
  return {
    ofTruth: new Map(matched.map(({ a, b, iou }) => [a, { detection: b, iou }])),
    detections: new Set(matched.map(({ b }) => b)),
  }
}
