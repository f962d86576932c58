import type { CalibrationSample } from './types'

/** The detections with scores from `from` (included) to `to` (excluded; the last bin includes 1). */
export interface ReliabilityBin {
  readonly from: number
  readonly to: number
  readonly count: number
  /** Undefined where the bin is empty, as the two below. */
  readonly meanScore: number | undefined
  /** Share of correct detections; a calibrated score equals it. */
  readonly precision: number | undefined
  /** Mean IoU of all detections, 0 for those that found nothing: precision times the mean IoU of the correct ones. */
  readonly meanIou: number | undefined
}

/** How far scores are off as probabilities. Plain data. */
export interface Reliability {
  readonly bins: readonly ReliabilityBin[]
  /** D-ECE */
  readonly detectionError: number | undefined
  /** LaECE */
  readonly localisationAwareError: number | undefined
}

/** Diagram and both errors. */
export function reliabilityOf(samples: readonly CalibrationSample[]): Reliability {
  return {
    bins: reliabilityDiagram(samples),
    detectionError: detectionCalibrationError(samples),
    localisationAwareError: localisationAwareCalibrationError(samples),
  }
}

/** Bins of a diagram, and of both errors unless said otherwise. */
const BINS = 10

/** What a reliability diagram shows: precision over score, in bins of equal width. @returns all bins, the empty too */
export function reliabilityDiagram(
  samples: readonly CalibrationSample[],
  bins = BINS,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, score: 0, correct: 0, iou: 0 }))
  for (const { score, correct, iou } of samples) {
    const sum = sums[Math.min(bins - 1, Math.floor(score * bins))]
    sum.count++
    sum.score += score
    sum.correct += correct ? 1 : 0
    sum.iou += iou
  }
  return sums.map(({ count, score, correct, iou }, index) => {
    const mean = (sum: number) => (count === 0 ? undefined : sum / count)
    return {
      from: index / bins,
      to: (index + 1) / bins,
      count,
      meanScore: mean(score),
      precision: mean(correct),
      meanIou: mean(iou),
    }
  })
}

/**
 * D-ECE by confidence (Küppers et al. 2020, Multivariate confidence calibration for object detection): the mean distance
 * between score and precision over the bins, weighted by their detections; 0..1, 0 = calibrated. Undefined without
 * samples.
 */
export function detectionCalibrationError(
  samples: readonly CalibrationSample[],
  bins = BINS,
): number | undefined {
  if (samples.length === 0) return undefined
  return weightedGap(reliabilityDiagram(samples, bins), ({ precision }) => precision)
}

/**
 * LaECE (Oksuz et al. 2023, Towards building self-aware object detectors via reliable uncertainty quantification and
 * calibration): as D-ECE, but a score should equal precision times the IoU of the correct detections, and the error is
 * averaged over the categories. With the IoU of 0.5 from which a sample is correct. Undefined without samples.
 */
export function localisationAwareCalibrationError(
  samples: readonly CalibrationSample[],
  bins = BINS,
): number | undefined {
  const categories = [...new Set(samples.map(({ categoryId }) => categoryId))]
  if (categories.length === 0) return undefined
  const errors = categories.map((categoryId) => {
    const own = samples.filter((sample) => sample.categoryId === categoryId)
    return weightedGap(reliabilityDiagram(own, bins), ({ meanIou }) => meanIou)
  })
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

function weightedGap(
  bins: readonly ReliabilityBin[],
  target: (bin: ReliabilityBin) => number | undefined,
): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  return bins.reduce((sum, bin) => {
    const wanted = target(bin)
    if (bin.meanScore === undefined || wanted === undefined) return sum
    return sum + (bin.count / total) * Math.abs(bin.meanScore - wanted)
  }, 0)
}
