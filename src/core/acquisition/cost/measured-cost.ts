import type { LabelingCost } from '../types'

/** An image that somebody labelled by the clock. */
export interface TimedLabel {
  readonly boxes: number
  readonly seconds: number
}

/** With fewer images their scatter says more than their cost. */
const leastImages = 10

/**
 * What an image and a box cost somebody, by least squares over images that were labelled by the clock: seconds = an image +
 * boxes x a box. Neither is below 0; where a line would say so, the other one bears all. Where every image has as many boxes
 * the two cannot be told apart and bear the same share, as they do where nobody was measured.
 * @returns undefined for fewer than ten images, or when no time was taken
 */
export function measuredCost(labels: readonly TimedLabel[]): LabelingCost | undefined {
  const total = sumOf(labels.map(({ seconds }) => seconds))
  if (labels.length < leastImages || total <= 0) return undefined
  const boxes = sumOf(labels.map((label) => label.boxes))
  const meanBoxes = boxes / labels.length
  const meanSeconds = total / labels.length
  const spread = sumOf(labels.map((label) => (label.boxes - meanBoxes) ** 2))
  if (spread === 0) {
    const each = meanSeconds / (1 + meanBoxes)
    return { secondsPerImage: each, secondsPerBox: each }
  }
  const shared = sumOf(
    labels.map((label) => (label.boxes - meanBoxes) * (label.seconds - meanSeconds)),
  )
  const slope = shared / spread
  const start = meanSeconds - slope * meanBoxes
  if (slope < 0) return { secondsPerImage: meanSeconds, secondsPerBox: 0 }
  if (start >= 0) return { secondsPerImage: start, secondsPerBox: slope }
  const squares = sumOf(labels.map((label) => label.boxes ** 2))
  const products = sumOf(labels.map((label) => label.boxes * label.seconds))
  return { secondsPerImage: 0, secondsPerBox: products / squares }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
