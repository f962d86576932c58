/** What goes into a query of the pool, and what comes out. */
import type { AcquisitionScore } from '../../core/acquisition/types'
import type { ImageId } from '../../core/dataset/types'
import type { CalibrationReport } from '../../core/calibration/judge'

/** An image as a query names it. */
export interface QueriedImage {
  readonly imageId: ImageId
  /**
   * What the strategy takes for its id, such as the digest of the file: draws and ties hang on it, and are then the same
   * in every project with the same files.
   */
  readonly key: ImageId
}

/** What a strategy chose. */
export interface Acquisition {
  /** The most wanted first. */
  readonly picks: readonly AcquisitionScore[]
  /** Of the probabilities that the strategy saw; undefined where there was nothing to fit one on. */
  readonly calibration: CalibrationReport | undefined
}
