import type { Detection } from '../../detection/types'
import {
  aggregate,
  aggregatedName,
  aggregationOf,
  aggregationParameters,
  type Aggregation,
} from '../doubt/aggregation'
import { boxThreshold } from '../doubt/box-threshold'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { AcquisitionContext, QueryStrategy } from '../types'
import { binaryEntropy } from '../doubt/uncertainty'

/** A box is called uncertain in a reason when its score is in this range, ends included. */
const UNCERTAIN = { from: 0.2, to: 0.8 }

/**
 * Uncertainty sampling (Roy et al. 2018): the binary entropy of every predicted box, aggregated
 * over the image. `sum` prefers crowded images, `mean` and `max` do not, `top-k` sums the k most
 * uncertain boxes. An image without boxes scores 0.
 */
export const entropyStrategy: QueryStrategy = {
  id: 'entropy',
  name: 'Entropy',
  summary: 'Asks for the images whose boxes the model is least sure about.',
  source: 'Roy, Unmesh & Namboodiri 2018, Deep active learning for object detection',
  parameters: [...aggregationParameters, boxThreshold],
  needs: [],
  select(context, batchSize, parameters, random) {
    const aggregation = aggregationOf(parameters)
    const lowest = numberOf(boxThreshold, parameters)
    const scores = context.unlabeled.map(({ imageId, detections }) => {
      if (detections === undefined) return { imageId, score: 0, reason: NOT_PREDICTED }
      const found = detections.filter(({ score }) => score >= lowest)
      if (found.length === 0) {
        return { imageId, score: 0, reason: `no box with a score of ${lowest} or more` }
      }
      const score = aggregate(
        found.map((detection) => binaryEntropy(detection.score)),
        aggregation,
      )
      return { imageId, score, reason: explain(found, aggregation, score, context) }
    })
    return selectBatch(scores, batchSize, random)
  },
}

/** @param found at least one. */
function explain(
  found: readonly Detection[],
  aggregation: Aggregation,
  score: number,
  context: AcquisitionContext,
): string {
  const uncertain = found.filter(
    (box) => box.score >= UNCERTAIN.from && box.score <= UNCERTAIN.to,
  ).length
  const least = found.reduce((a, b) => (binaryEntropy(b.score) > binaryEntropy(a.score) ? b : a))
  return (
    `${uncertain} of ${boxes(found.length)} uncertain, ` +
    `${aggregatedName('entropy', aggregation)} ${score.toFixed(2)}; ` +
    `least sure: ${categoryName(context, least.categoryId)} ${least.score.toFixed(2)}`
  )
}
