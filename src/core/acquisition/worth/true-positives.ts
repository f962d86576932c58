import { sortedById } from '../../dataset/image-order'
import type { CategoryId } from '../../dataset/types'
import { findObjects } from '../../evaluation/found-objects'
import {
  fitLogistic,
  logisticProbability,
  type LogisticModel,
} from '../../numeric/logistic-regression'
import type { LabeledEvidence } from '../types'

/** Fewer samples than this do not make a model. */
const fewestSamples = 6

interface Sample {
  readonly categoryId: CategoryId
  /** Score, and number of raw boxes behind the detection. */
  readonly input: readonly [number, number]
  readonly isTrue: boolean
}

/** P(true positive) of a detection, given its score and the number of raw boxes behind it. */
export type TruePositiveModel = (categoryId: CategoryId, score: number, support: number) => number

/**
 * How often a detection is right: a logistic model a category on score and support (PAL 2026), fitted to what a model that
 * never trained on them says of the labelled images. A category with fewer than 6 samples, or whose samples are all right or
 * all wrong, takes the model of all categories together; where that has the same fault, the score itself is returned.
 * Detections that fall on nothing but a crowd region are left out.
 */
export function fitTruePositives(labeled: readonly LabeledEvidence[]): TruePositiveModel {
  const samples = sortedById(labeled).flatMap(samplesOf)
  const pooled = fit(samples)
  const models = new Map<CategoryId, LogisticModel | undefined>()
  for (const categoryId of new Set(samples.map((sample) => sample.categoryId))) {
    models.set(categoryId, fit(samples.filter((sample) => sample.categoryId === categoryId)))
  }
  return (categoryId, score, support) => {
    const model = models.get(categoryId) ?? pooled
    return model === undefined ? score : logisticProbability(model, [score, support])
  }
}

function fit(samples: readonly Sample[]): LogisticModel | undefined {
  const outcomes = samples.map(({ isTrue }) => isTrue)
  if (samples.length < fewestSamples || new Set(outcomes).size < 2) return undefined
  return fitLogistic(
    samples.map(({ input }) => input),
    outcomes,
  )
}

/** One category after the other, best first: the digits of a fit depend on the order of its samples. */
function samplesOf({ truth, outOfFold }: LabeledEvidence): Sample[] {
  if (outOfFold === undefined) return []
  const { detections, support } = outOfFold
  const findings = findObjects({ truth, detections })
  const ranked = [...detections.keys()].sort((a, b) => detections[b].score - detections[a].score)
  const samples = new Map(ranked.map((place) => [detections[place].categoryId, [] as Sample[]]))
  for (const place of ranked) {
    const { categoryId, score } = detections[place]
    const { kind } = findings[place]
    if (kind === 'crowd') continue
    const input = [score, support[place] ?? 1] as const
    samples.get(categoryId)?.push({ categoryId, input, isTrue: kind === 'object' })
  }
  return [...samples.values()].flat()
}
