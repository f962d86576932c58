/** What goes into a query of the pool, and what comes out. */
import type { AcquisitionScore, LabelingCost, ParameterValues } from '../../core/acquisition/types'
import type { CalibrationReport } from '../../core/calibration/judge'
import type { CategoryId, ImageId } from '../../core/dataset/types'
import type { TruthBox } from '../../core/evaluation/types'
import type { ProgressEvent } from '../device/protocol'
import type { MirrorInputs } from '../features/protocol'
import type { TrainedHead } from '../head/protocol'

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

/** As `DeviceMethods`. */
export interface QueryMethods {
  gather: {
    params: {
      /** Undefined before anything was trained. */
      readonly head: TrainedHead | undefined
      /** Of the features to look at where there is no head. */
      readonly projectionId?: string
      readonly strategyId: string
      readonly imageIds: readonly ImageId[]
      /** For strategies that need 'mirrored'. */
      readonly mirror?: MirrorInputs | undefined
    }
    result: ImageId[]
    event: ProgressEvent
  }
  acquire: {
    params: Omit<QueryMethods['gather']['params'], 'imageIds'> & {
      readonly parameters: ParameterValues
      readonly batchSize: number
      readonly seed: number
      /** Labelled so far, the seed set included; with the seed it decides every draw. */
      readonly rounds: number
      readonly unlabeled: readonly QueriedImage[]
      readonly labeled: readonly (QueriedImage & { readonly truth: readonly TruthBox[] })[]
      /** Boxes of others are left out. */
      readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
      readonly cost: LabelingCost
    }
    result: Acquisition
    event: ProgressEvent
  }
}
