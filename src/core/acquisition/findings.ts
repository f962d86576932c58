/** From what the model itself says of an image to what a strategy is told of it. */
import type { CategoryId, ImageId } from '../dataset/types'
import { calibrateDetections, calibrateProbability } from '../detection/calibration/calibrate'
import type { Calibration } from '../detection/calibration/types'
import type { Detection } from '../detection/types'
import type { AcquisitionNeed, CommitteePeak, ImageEvidence, SupportedDetections } from './types'

/** What a model found in an image: its own probabilities, boxes of every class it knows. Fields as in `ImageEvidence`. */
export interface ImageFindings {
  readonly detections?: readonly Detection[] | undefined
  readonly support?: readonly number[] | undefined
  readonly peaks?: readonly CommitteePeak[] | undefined
  readonly mirrored?: readonly Detection[] | undefined
  readonly feature?: Float32Array | undefined
  readonly objectFeature?: Float32Array | undefined
  readonly outOfFold?: SupportedDetections | undefined
  /** The needs that were looked into; what is missing all the same does not exist. */
  readonly answered: ReadonlySet<AcquisitionNeed>
}

/** How findings become evidence. */
export interface Reading {
  /** Of the model's probabilities; they stay as they are if left out. */
  readonly calibration?: Calibration | undefined
  /** Boxes of other categories (deleted since the training) are no reason to ask for an image. */
  readonly categories: ReadonlySet<CategoryId>
}

/** What a strategy is told of an image: calibrated, score descending again, without categories that are gone. */
export function readFindings(
  imageId: ImageId,
  findings: ImageFindings | undefined,
  { calibration, categories }: Reading,
): ImageEvidence {
  const { detections, support, peaks, mirrored, feature, objectFeature } = findings ?? {
    answered: new Set(),
  }
  const calibrate = (list: readonly Detection[]): readonly Detection[] =>
    calibration === undefined ? list : calibrateDetections(calibration, list)
  const isKept = ({ categoryId }: { readonly categoryId: CategoryId }): boolean =>
    categories.has(categoryId)
  // The sort is stable: what the calibration makes equal keeps the model's order.
  const ranked = calibrate(detections ?? [])
    .map((detection, index) => ({ detection, support: support?.[index] ?? 1 }))
    .filter(({ detection }) => isKept(detection))
    .sort((a, b) => b.detection.score - a.detection.score)
  return {
    imageId,
    detections: detections && ranked.map(({ detection }) => detection),
    support: support && ranked.map((item) => item.support),
    peaks: peaks?.filter(isKept).map((peak) => calibratePeak(peak, calibration)),
    mirrored:
      mirrored &&
      calibrate(mirrored)
        .filter(isKept)
        .sort((a, b) => b.score - a.score),
    feature,
    objectFeature,
  }
}

/** Calibrated as `readFindings` does it, so that both speak of the same probabilities, and without categories that are gone. */
export function readOutOfFold(
  outOfFold: SupportedDetections | undefined,
  { calibration, categories }: Reading,
): SupportedDetections | undefined {
  if (outOfFold === undefined) return undefined
  const { detections, support } = outOfFold
  const calibrated =
    calibration === undefined ? detections : calibrateDetections(calibration, detections)
  const kept = calibrated
    .map((detection, index) => ({ detection, support: support[index] ?? 1 }))
    .filter(({ detection }) => categories.has(detection.categoryId))
    .sort((a, b) => b.detection.score - a.detection.score)
  return {
    detections: kept.map(({ detection }) => detection),
    support: kept.map((item) => item.support),
  }
}

function calibratePeak(peak: CommitteePeak, calibration: Calibration | undefined): CommitteePeak {
  const own = calibration?.categories.find(({ categoryId }) => categoryId === peak.categoryId)
  if (own === undefined) return peak
  const memberScores = peak.memberScores.map((score) => calibrateProbability(own.calibrator, score))
  return { ...peak, memberScores }
}
