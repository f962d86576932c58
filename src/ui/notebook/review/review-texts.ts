import type { SuspectKind } from '../../../core/label-errors/types'
import type { ReviewItem } from '../../../core/notebook/types'

export const kindNames: Readonly<Record<SuspectKind, string>> = {
  overlooked: 'Overlooked',
  misplaced: 'Badly located',
  swapped: 'Wrong class',
}

/**
 * What speaks against the label, in words and numbers.
 * @param nameOf the name of a class
 */
export function reviewReason(
  item: ReviewItem,
  nameOf: (id: ReviewItem['detection']['categoryId']) => string,
): string {
  const { detection, iou } = item
  const seen = nameOf(detection.categoryId)
  const score = detection.score.toFixed(2)
  const agrees = percent(detection.confidence)
  switch (item.kind) {
    case 'overlooked':
      return (
        `${seen} seen with ${score} where there is no box` +
        `${iou > 0 ? ` (nearest at IoU ${iou.toFixed(2)})` : ''}; ${agrees} of such detections have one.`
      )
    case 'misplaced':
      return (
        `${seen} seen with ${score}; the box overlaps what was seen by IoU ${iou.toFixed(2)}, ` +
        `usual is ${item.usualIou.toFixed(2)}.`
      )
    case 'swapped': {
      const labelled = nameOf(item.label.categoryId)
      return (
        `Labelled ${labelled}, but seen as ${seen} with ${score} (as ${labelled} with ` +
        `${item.ownConfidence.toFixed(2)}) at IoU ${iou.toFixed(2)}; ${agrees} of such detections agree with the label.`
      )
    }
  }
}

/** A probability in whole per cent; none is certain. */
export function percent(share: number): string {
  return share > 0.99 ? '>\u00a099\u00a0%' : `${Math.round(share * 100)}\u00a0%`
}
