import { poolMinScore } from '../../detection/model-settings'
import {
  aggregate,
  aggregatedName,
  aggregationOf,
  aggregationParameters,
} from '../doubt/aggregation'
import { numberOf } from '../parameters'
import { boxes, NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { NumberParameter, QueryStrategy } from '../types'
import { committeeDisagreement } from '../doubt/uncertainty'

const threshold: NumberParameter = {
  kind: 'number',
  id: 'threshold',
  label: 'Lowest score of a box',
  help: 'Boxes to which no head of the committee gives this probability do not count.',
  min: poolMinScore,
  max: 0.9,
  step: 0.01,
  defaultValue: 0.1,
}

/** From this probability on a head is said to see a box. */
const SEEN = 0.5

/**
 * Bayesian active learning by disagreement (Gal et al. 2017) with an ensemble instead of dropout (Beluch et al. 2018):
 * the entropy of the heads' mean probability minus the mean of their entropies, at every place where one head at
 * least has a peak, aggregated over the image. A box that only a minority sees, which the committee's mean would miss,
 * counts like any other. Where the heads' own peaks are not known, those of their mean are taken. One head alone cannot
 * disagree: every image scores 0.
 */
export const baldStrategy: QueryStrategy = {
  id: 'bald',
  name: 'BALD',
  summary: 'Asks for the images on which the heads of the committee contradict each other.',
  source:
    'Gal, Islam & Ghahramani 2017, Deep Bayesian active learning; Beluch et al. 2018, The power of ensembles',
  parameters: [...aggregationParameters, threshold],
  needs: ['peaks'],
  select(context, batchSize, parameters, random) {
    const aggregation = aggregationOf(parameters)
    const lowest = numberOf(threshold, parameters)
    const scores = context.unlabeled.map(({ imageId, detections, peaks }) => {
      const found = peaks ?? detections
      if (found === undefined) return { imageId, score: 0, reason: NOT_PREDICTED }
      const answers = found
        .map(({ memberScores }) => memberScores)
        .filter((memberScores) => memberScores.some((score) => score >= lowest))
      if (answers.length === 0) {
        return { imageId, score: 0, reason: `no head sees a box with a score of ${lowest} or more` }
      }
      const score = aggregate(answers.map(committeeDisagreement), aggregation)
      const measure = `${aggregatedName('disagreement', aggregation)} ${score.toFixed(2)}`
      return { imageId, score, reason: `${explain(answers)}, ${measure}` }
    })
    return selectBatch(scores, batchSize, random)
  },
}

/** @param answers the heads' probabilities of each box; at least one box. */
function explain(answers: readonly (readonly number[])[]): string {
  const heads = Math.max(...answers.map((memberScores) => memberScores.length))
  if (heads === 1) return `a single head cannot disagree with itself on ${boxes(answers.length)}`
  const shares = answers.map(
    (memberScores) => memberScores.filter((p) => p >= SEEN).length / memberScores.length,
  )
  const disputed = shares.filter((share) => share > 0 && share < 1).length
  const byFew = shares.filter((share) => share > 0 && share < 0.5).length
  const seenByFew = byFew > 0 ? ` (${byFew} seen by a minority)` : ''
  return `the ${heads} heads disagree on ${disputed} of ${boxes(answers.length)}${seenByFew}`
}
