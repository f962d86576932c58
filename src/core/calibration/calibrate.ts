import { sigmoid } from '../numeric/sigmoid'
import type { Detection } from '../detection/types'
import { interpolate } from './isotonic'
import { logit } from '../numeric/probability'
import type { Calibration, Calibrator } from './types'

/** A calibrated probability, 0..1. A higher score never gives a lower one. */
export function calibrateProbability(calibrator: Calibrator, score: number): number {
  switch (calibrator.kind) {
    case 'identity':
      return score
    case 'temperature':
      return sigmoid(logit(score) / calibrator.temperature)
    case 'platt':
      return sigmoid(calibrator.slope * logit(score) + calibrator.intercept)
    case 'isotonic':
      return interpolate(calibrator.points, score)
  }
}

/**
 * Detections with calibrated probabilities: score and member scores by the calibrator of the detection's category, class
 * probabilities each by its own category's.
 *
 * @returns parallel to `detections`. Within a category the order of the scores holds; across categories it need not, so
 *   sort again where that counts.
 * @throws RangeError when class probabilities and calibration disagree on the categories
 */
export function calibrateDetections(
  { categories }: Calibration,
  detections: readonly Detection[],
): Detection[] {
  const byCategory = new Map(
    categories.map(({ categoryId, calibrator }) => [categoryId, calibrator]),
  )
  return detections.map((detection) => {
    const calibrator = byCategory.get(detection.categoryId)
    if (calibrator === undefined || detection.classProbabilities.length !== categories.length) {
      throw new RangeError(
        `calibrateDetections: a detection of category ${detection.categoryId} with ` +
          `${detection.classProbabilities.length} class probabilities does not fit a calibration of the categories ` +
          `${[...byCategory.keys()].join(', ')}; calibrate with what was fitted to detections of the same head.`,
      )
    }
    const own = (score: number): number => calibrateProbability(calibrator, score)
    return {
      ...detection,
      score: own(detection.score),
      classProbabilities: detection.classProbabilities.map((probability, index) =>
        calibrateProbability(categories[index].calibrator, probability),
      ),
      memberScores: detection.memberScores.map(own),
    }
  })
}
