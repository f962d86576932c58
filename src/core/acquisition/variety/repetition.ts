import type { CategoryId } from '../../dataset/types'
import type { AcquisitionContext, ImageEvidence, NumberParameter } from '../types'

/** How much it counts against an image that it shows many objects of one class. */
export const repetitionWeight: NumberParameter = {
  kind: 'number',
  id: 'repetition',
  label: 'Weight of repetition',
  help: 'How much it counts against an image that it shows many objects of one class, which say little more than a few and take longer: 0 not at all.',
  min: 0,
  max: 2,
  step: 0.1,
  defaultValue: 1,
}

/**
 * How often the labels of an image say the same: the time it is expected to take over the part of it in which something
 * new is said, 1 or more. Objects of one class on one image, under one light and often of one kind, resemble each other: n of
 * them say as much as sqrt(n) on as many images, and take the time of n. Fewer than one expected object repeat nothing, nor
 * does an image that no model has looked at. Expected objects: the sum of the scores, which are probabilities.
 */
export function repetition(
  { detections = [] }: ImageEvidence,
  { cost }: AcquisitionContext,
): number {
  const counts = new Map<CategoryId, number>()
  for (const { categoryId, score } of detections)
    counts.set(categoryId, (counts.get(categoryId) ?? 0) + score)
  let all = 0
  let different = 0
  for (const count of counts.values()) {
    all += count
    different += Math.min(count, Math.sqrt(count))
  }
  const { secondsPerImage, secondsPerBox } = cost
  const seconds = secondsPerImage + secondsPerBox * all
  return seconds > 0 ? seconds / (secondsPerImage + secondsPerBox * different) : 1
}
