import type { CategoryId } from '../dataset/types'
import type { Reliability } from '../calibration/reliability'

/** Precision of one category at IoU 0.5, at each of `RECALL_POINTS`; its mean is the category's AP50. */
export interface PrecisionCurve {
  readonly categoryId: CategoryId
  readonly precision: readonly number[]
}

/** How many objects of `truth` were taken for `predicted`; undefined stands for the background. */
export interface ConfusionCell {
  readonly truth: CategoryId | undefined
  readonly predicted: CategoryId | undefined
  readonly count: number
}

/**
 * After TIDE (Bolya et al. 2020), by the overlap with the objects, crowd regions aside:
 * - location: IoU 0.1 to 0.5 with an object of its category
 * - class: on an object of another category, by 0.5 or (TIDE's "both") by 0.1
 * - duplicate: IoU 0.5 or more with an object that a better-scored detection has found
 * - background: below 0.1 with everything
 * - missed: an object that nothing found and that none of the first two is about
 */
export type ErrorKind = 'class' | 'location' | 'duplicate' | 'background' | 'missed'

export interface ErrorShare {
  readonly kind: ErrorKind
  /** False positives, or missed objects, at the operating score. */
  readonly count: number
  /** By how much AP50 would rise if no detection of any score had this error; undefined where there is no AP50. */
  readonly gain: number | undefined
}

/** What lies behind the AP50 of a set of images. Plain data. */
export interface Diagnosis {
  /**
   * The score from which on detections are taken for objects in `confusion` and `errors`: that of the best F1 over all
   * categories at IoU 0.5. Undefined where no detection is right; then all of them are taken.
   */
  readonly operatingScore: number | undefined
  /** In category order, without categories that have nothing to find. */
  readonly curves: readonly PrecisionCurve[]
  /** The cells that are not 0. */
  readonly confusion: readonly ConfusionCell[]
  /** Every kind, in the order they are named above. */
  readonly errors: readonly ErrorShare[]
  /** How far the scores are off as probabilities; undefined without detections. */
  readonly reliability: Reliability | undefined
}
