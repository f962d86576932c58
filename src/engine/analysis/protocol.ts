/** What needs no device, but takes too long for the page. */
import type { CategoryId } from '../../core/dataset/types'
import type { Diagnosis } from '../../core/diagnosis/types'
import type { PackedImages } from '../../core/evaluation/packed'
import type { EvaluationImage, EvaluationResult } from '../../core/evaluation/types'
import type { ExperimentState } from '../../core/experiment/replay/replay-types'
import type { ExperimentFigures } from '../../core/experiment/statistics/figures'
import type { LabelSuspect } from '../../core/label-errors/types'

/** As `DeviceMethods`. */
export interface AnalysisMethods {
  /** COCO evaluation, off the main thread. */
  evaluate: {
    params: {
      /** Packed where there may be thousands: sending them as they are would hold up the page. */
      readonly images: readonly EvaluationImage[] | PackedImages
      readonly categories: readonly CategoryId[]
    }
    result: EvaluationResult
    event: never
  }
  /** AP50 on samples of the images drawn with replacement; the same labels, seed and stream give the same samples. */
  bootstrap: {
    params: AnalysisMethods['evaluate']['params'] & {
      readonly samples: number
      readonly seed: number
      /** One of the seed's; its first where this is left out. */
      readonly stream?: string
    }
    result: number[]
    event: never
  }
  /** What lies behind the AP50 of an evaluation. */
  diagnose: {
    params: AnalysisMethods['evaluate']['params']
    result: Diagnosis
    event: never
  }
  /** The most suspicious labels of images, each judged by a head that never trained on it. */
  findLabelErrors: {
    params: {
      /** With class probabilities. */
      readonly images: PackedImages
      /** In the order of the class probabilities. */
      readonly categories: readonly CategoryId[]
      readonly leastSuspicion: number
      readonly limit: number
    }
    result: LabelSuspect[]
    event: never
  }
  /** What an experiment's finished runs say; the resampling takes too long for the page. */
  summariseExperiment: {
    params: { readonly state: ExperimentState }
    result: ExperimentFigures
    event: never
  }
}
