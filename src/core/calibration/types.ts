import type { CategoryId } from '../dataset/types'

/** One detection whose truth is known. */
export interface CalibrationSample {
  readonly categoryId: CategoryId
  /** Probability the detector gave, 0..1. */
  readonly score: number
  /** Whether it found an object of its category. */
  readonly correct: boolean
  /** IoU with the object it found; 0 where it found none. */
  readonly iou: number
}

/** A non-decreasing map of probabilities. Logit is ln(p / (1 - p)), sigmoid its inverse. */
export type Calibrator =
  | { readonly kind: 'identity' }
  /** sigmoid(logit / temperature) */
  | { readonly kind: 'temperature'; readonly temperature: number }
  /** sigmoid(slope * logit + intercept) */
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  /** Linear between the points, flat beyond them. */
  | { readonly kind: 'isotonic'; readonly points: readonly IsotonicPoint[] }

/** Scores ascend from point to point, probabilities do not descend. */
export interface IsotonicPoint {
  readonly score: number
  readonly probability: number
}

export interface CategoryCalibration {
  readonly categoryId: CategoryId
  readonly calibrator: Calibrator
  /** Detections it was fitted on, and how many of them were correct. */
  readonly samples: number
  readonly correct: number
}

/** A calibrator for each category, in category order. Plain data. */
export interface Calibration {
  readonly categories: readonly CategoryCalibration[]
}
