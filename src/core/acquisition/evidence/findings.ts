/** From what the model itself says of an image to what a strategy is told of it. */
import type { CategoryId, ImageId } from '../../dataset/types'
import { calibrateDetections, calibrateProbability } from '../../calibration/calibrate'
import type { Calibration } from '../../calibration/types'
import type { CommitteePeak, Detection, SupportedDetections } from '../../detection/types'
import type { AcquisitionNeed, ImageEvidence } from '../types'

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
  /** Of the head: what the findings' class probabilities speak of, in their order. */
  readonly headCategories: readonly CategoryId[]
}

/** The head's categories that are not gone, in its order: what an image's evidence has class probabilities of. */
export function judgedCategories({ categories, headCategories }: Reading): CategoryId[] {
  return headCategories.filter((id) => categories.has(id))
}

/**
 * What a strategy is told of an image: calibrated, score descending again, without categories that are gone. Class
 * probabilities are those of `judgedCategories`.
 */
export function readFindings(
  imageId: ImageId,
  findings: ImageFindings | undefined,
  reading: Reading,
): ImageEvidence {
  const { calibration, categories } = reading
  const { detections, support, peaks, mirrored, feature, objectFeature } = findings ?? {
    answered: new Set(),
  }
  const ranked = rank(detections ?? [], support, reading)
  return {
    imageId,
    detections: detections && ranked.detections,
    support: support && ranked.support,
    peaks: peaks
      ?.filter(({ categoryId }) => categories.has(categoryId))
      .map((peak) => calibratePeak(peak, calibration)),
    mirrored: mirrored && rank(mirrored, undefined, reading).detections,
    feature,
    objectFeature,
  }
}

/** Calibrated as `readFindings` does it, so that both speak of the same probabilities, and without categories that are gone. */
export function readOutOfFold(
  outOfFold: SupportedDetections | undefined,
  reading: Reading,
): SupportedDetections | undefined {
  return outOfFold && rank(outOfFold.detections, outOfFold.support, reading)
}

/** Calibrated, without what is gone, score descending; the support goes along. */
function rank(
  detections: readonly Detection[],
  support: readonly number[] | undefined,
  { calibration, categories, headCategories }: Reading,
): SupportedDetections {
  const calibrated =
    calibration === undefined ? detections : calibrateDetections(calibration, detections)
  // The sort is stable: what the calibration makes equal keeps the model's order.
  const kept = calibrated
    .map((detection, index) => ({ detection, support: support?.[index] ?? 1 }))
    .filter(({ detection }) => categories.has(detection.categoryId))
    .sort((a, b) => b.detection.score - a.detection.score)
  const isJudged = headCategories.map((id) => categories.has(id))
  return {
    detections: kept.map(({ detection }) => ({
      ...detection,
      classProbabilities: detection.classProbabilities.filter((_, index) => isJudged[index]),
    })),
    support: kept.map((item) => item.support),
  }
}

function calibratePeak(peak: CommitteePeak, calibration: Calibration | undefined): CommitteePeak {
  const own = calibration?.categories.find(({ categoryId }) => categoryId === peak.categoryId)
  if (own === undefined) return peak
  const memberScores = peak.memberScores.map((score) => calibrateProbability(own.calibrator, score))
  return { ...peak, memberScores }
}
