import type { CategoryId } from '../dataset/types'
import { calibrateProbability } from './calibrate'
import { fitCalibration } from './fit'
import { reliabilityOf, type Reliability } from './reliability'
import { calibrationSamples } from './samples'
import type { Calibration, CalibrationSample } from './types'

/** A calibration, and what it was fitted on. Plain data. */
export interface CalibrationReport {
  readonly calibration: Calibration
  /** Whose detections it was fitted on. */
  readonly images: number
  readonly before: Reliability
  readonly after: Reliability
}

/**
 * Fits a calibration to out-of-fold detections, with how reliable the probabilities were before and are after it. The
 * figures after are of the very samples it was fitted on, so they flatter it.
 * @returns undefined where there is no detection to fit it on
 */
export function judgeCalibration(
  images: Parameters<typeof calibrationSamples>[0],
  categories: readonly CategoryId[],
): CalibrationReport | undefined {
  const samples = calibrationSamples(images)
  if (samples.length === 0) return undefined
  const calibration = fitCalibration(samples, categories)
  const calibrators = new Map(
    calibration.categories.map(({ categoryId, calibrator }) => [categoryId, calibrator]),
  )
  const calibrated = samples.map((sample): CalibrationSample => {
    const calibrator = calibrators.get(sample.categoryId)
    if (calibrator === undefined) return sample
    return { ...sample, score: calibrateProbability(calibrator, sample.score) }
  })
  return {
    calibration,
    images: images.length,
    before: reliabilityOf(samples),
    after: reliabilityOf(calibrated),
  }
}
