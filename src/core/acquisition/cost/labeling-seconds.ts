import type { AcquisitionContext, ImageEvidence, NumberParameter } from '../types'

/** How much the time that an image takes counts against it. */
export const costWeight: NumberParameter = {
  kind: 'number',
  id: 'cost',
  label: 'Weight of time',
  help: '1 divides what an image adds by the seconds it is expected to take, 0 ignores the time.',
  min: 0,
  max: 1,
  step: 0.1,
  defaultValue: 0,
}

/**
 * Seconds that labelling each image is expected to take: its own, and a box's times the sum of the calibrated scores. One
 * that no model has looked at takes what the others take in the mean.
 */
export function labelingSeconds(
  images: readonly ImageEvidence[],
  { cost }: AcquisitionContext,
): number[] {
  const boxes = images.map(({ detections }) =>
    detections?.reduce((sum, { score }) => sum + score, 0),
  )
  const known = boxes.filter((count) => count !== undefined)
  const mean = known.reduce((sum, count) => sum + count, 0) / Math.max(1, known.length)
  // An image that costs nothing would be worth any number of others.
  return boxes.map((count = mean) =>
    Math.max(1e-3, cost.secondsPerImage + cost.secondsPerBox * count),
  )
}
