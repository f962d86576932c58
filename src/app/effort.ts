import type { LabelingCost } from '../core/acquisition/types'
import type { ImageLabel } from '../core/dataset/types'

/** Labelling times assumed where nobody was measured (see the README's protocol). */
export const assumedCost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 }

/** What labelling an image with this many boxes is assumed to take, in seconds. */
export function assumedSeconds(boxes: number): number {
  return assumedCost.secondsPerImage + assumedCost.secondsPerBox * boxes
}

/** A gesture a box, and one to say that the image is done. */
export function assumedClicks(boxes: number): number {
  return boxes + 1
}

/** Gestures on all of these labels; undefined when those on one of them were not counted. */
export function clicksOf(labels: readonly (ImageLabel | undefined)[]): number | undefined {
  let sum = 0
  for (const label of labels) {
    if (label?.clicks === undefined) return undefined
    sum += label.clicks
  }
  return sum
}
