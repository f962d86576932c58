import { calibrationSamples } from '../calibration/samples'
import { reliabilityOf } from '../calibration/reliability'
import type { CategoryId } from '../dataset/types'
import type { EvaluationImage } from '../evaluation/types'
import { confusionMatrix } from './confusion'
import { errorGains } from './error-gains'
import { classifyErrors } from './errors'
import { judgeCases, withScores } from './judged-case'
import { operatingScore } from './operating-score'
import { precisionCurves, rankingOf } from './ranking'
import type { Diagnosis, ErrorKind } from './types'

const kinds: readonly ErrorKind[] = ['class', 'location', 'duplicate', 'background', 'missed']

/**
 * What lies behind the AP50 that `evaluateDetections` gives for the same images and categories. The order of the images
 * does not matter.
 */
export function diagnoseDetections(
  images: readonly EvaluationImage[],
  categories: readonly CategoryId[],
): Diagnosis {
  const cases = judgeCases(images, categories)
  const curves = precisionCurves(rankingOf(cases, categories))
  const score = operatingScore(cases)
  const taken = cases.map((judged) => withScores(judged, score ?? 0))
  const errors = taken.map(classifyErrors)
  const countOf = (kind: ErrorKind): number =>
    errors.reduce((sum, { falsePositives, missed }) => {
      if (kind === 'missed') return sum + missed.length
      return sum + falsePositives.filter((error) => error.kind === kind).length
    }, 0)
  const gainOf = errorGains(cases, categories)
  const samples = calibrationSamples(cases)
  return {
    operatingScore: score,
    curves: [...curves].map(([categoryId, precision]) => ({
      categoryId,
      precision: [...precision],
    })),
    confusion: confusionMatrix(taken),
    errors: kinds.map((kind) => ({ kind, count: countOf(kind), gain: gainOf(kind) })),
    reliability: samples.length === 0 ? undefined : reliabilityOf(samples),
  }
}
