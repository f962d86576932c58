import type { CategoryId } from '../dataset/types'
import { calibrateProbability } from '../calibration/calibrate'
import { fitCalibration } from '../calibration/fit'
import { calibrationSamples } from '../calibration/samples'
import type { CalibrationSample } from '../calibration/types'
import { boxIou } from '../geometry/overlap'
import { median } from '../numeric/quantiles'
import { matchLabels } from './match'
import type { JudgedImage, ProbabilityOfScore } from './types'

/** How good detections of a class fit its labels. */
export interface Fit {
  /** Median IoU of labels with the detections that lie on them. */
  readonly usualIou: number
  /** Half of the labels that fit worse than usual fall short of it by less than this share of it. */
  readonly shortfall: number
}

/** What detections are worth as witnesses, by how they go together with the labels as a whole. */
export interface Evidence {
  /** That a label of its class is where a detection is. */
  readonly labeled: ProbabilityOfScore
  /** That the label has the detection's class, where the detection lies on a label of any. */
  readonly sameClass: ProbabilityOfScore
  readonly fit: (categoryId: CategoryId) => Fit
}

/** From this overlap on a detection lies on a label. */
export const onLabelIou = 0.5

/** Boxes of tiny objects are loose, and a class with few labels must not seem to fit perfectly. */
const leastFit: Fit = { usualIou: 0.5, shortfall: 0.05 }

/**
 * Learns from the labels themselves what the detections are worth; errors among them are few, and where they are many,
 * nothing passes for certain.
 * @param images each judged by a model that never trained on it
 * @param categories those that the model knows, in the order of the detections' class probabilities
 */
export function weighEvidence(
  images: readonly JudgedImage[],
  categories: readonly CategoryId[],
): Evidence {
  const labeled = fitProbability(calibrationSamples(images), categories)
  const sameClass = fitProbability(
    images.flatMap((image) => classSamples(image, categories)),
    categories,
  )
  const ious = new Map<CategoryId, number[]>(categories.map((id) => [id, []]))
  for (const image of images) {
    for (const [truthIndex, { iou }] of matchLabels(image, labeled).ofTruth)
      ious.get(image.truth[truthIndex].categoryId)?.push(iou)
  }
  const fits = new Map([...ious].map(([id, list]) => [id, fitOf(list)]))
  return { labeled, sameClass, fit: (categoryId) => fits.get(categoryId) ?? leastFit }
}

function fitProbability(
  samples: readonly CalibrationSample[],
  categories: readonly CategoryId[],
): ProbabilityOfScore {
  const fitted = fitCalibration(samples, categories).categories
  const calibrators = new Map(fitted.map(({ categoryId, calibrator }) => [categoryId, calibrator]))
  return (categoryId, score) => {
    const calibrator = calibrators.get(categoryId)
    return calibrator === undefined ? score : calibrateProbability(calibrator, score)
  }
}

/**
 * Each detection that lies on a label: whether the label it overlaps most has its class. Where that is of a class that the
 * model does not know, the detection is left out: it could have no other outcome.
 */
function classSamples(
  { truth, detections }: JudgedImage,
  categories: readonly CategoryId[],
): CalibrationSample[] {
  const known = new Set(categories)
  return detections.flatMap(({ categoryId, box, score }) => {
    const overlaps = truth
      .filter(({ crowd }) => !crowd)
      .map((label) => ({ label, iou: boxIou(label.box, box) }))
      .sort((a, b) => b.iou - a.iou)
    const nearest = overlaps[0]
    if (nearest === undefined || nearest.iou < onLabelIou) return []
    if (!known.has(nearest.label.categoryId)) return []
    return [
      { categoryId, score, correct: nearest.label.categoryId === categoryId, iou: nearest.iou },
    ]
  })
}

/** @param ious of labels with the detections of their class that lie on them */
export function fitOf(ious: readonly number[]): Fit {
  const usualIou = Math.max(leastFit.usualIou, median(ious) ?? 0)
  const shortfalls = ious.filter((iou) => iou < usualIou).map((iou) => 1 - iou / usualIou)
  return { usualIou, shortfall: Math.max(leastFit.shortfall, median(shortfalls) ?? 0) }
}
