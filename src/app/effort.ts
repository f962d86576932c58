import type { LabelingCost } from '../core/acquisition/types'

/** Labelling times assumed where nobody was measured (see the README's protocol). */
export const assumedCost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 }

/** What labelling an image with this many boxes is assumed to take, in seconds. */
export function assumedSeconds(boxes: number): number {
  return assumedCost.secondsPerImage + assumedCost.secondsPerBox * boxes
}
