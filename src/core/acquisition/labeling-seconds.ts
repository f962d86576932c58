import type { AcquisitionContext, ImageEvidence, NumberParameter } from './types'

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

/** Seconds that labelling an image is expected to take: its own, and a box's times the sum of the calibrated scores. */
export function labelingSeconds(
  { detections = [] }: ImageEvidence,
  { cost }: AcquisitionContext,
): number {
  const expected = detections.reduce((sum, { score }) => sum + score, 0)
  // An image that costs nothing would be worth any number of others.
  return Math.max(1e-3, cost.secondsPerImage + cost.secondsPerBox * expected)
}
