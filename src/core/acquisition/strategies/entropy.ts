import type { Detection } from '../../detection/types'
import { choiceOf, numberOf } from '../parameters'
import { selectBatch } from '../select'
import type { AcquisitionContext, ChoiceParameter, NumberParameter, QueryStrategy } from '../types'

const aggregation: ChoiceParameter = {
  kind: 'choice',
  id: 'aggregation',
  label: 'Aggregation over boxes',
  help: 'How the entropies of the boxes make one score: sum prefers crowded images, mean and max do not.',
  options: ['sum', 'mean', 'max', 'top-k'],
  defaultValue: 'sum',
}

const topK: NumberParameter = {
  kind: 'number',
  id: 'k',
  label: 'Boxes summed by top-k',
  help: 'With the aggregation top-k, only so many of the most uncertain boxes count.',
  min: 1,
  max: 100,
  step: 1,
  defaultValue: 5,
}

const threshold: NumberParameter = {
  kind: 'number',
  id: 'threshold',
  label: 'Lowest score of a box',
  help: 'Boxes below this probability do not count.',
  min: 0.01,
  max: 0.9,
  step: 0.01,
  defaultValue: 0.1,
}

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
  parameters: [aggregation, topK, threshold],
  needs: [],
  select(context, batchSize, parameters, random) {
    const how = choiceOf(aggregation, parameters)
    const k = numberOf(topK, parameters)
    const lowest = numberOf(threshold, parameters)
    const scores = context.unlabeled.map(({ imageId, detections }) => {
      if (detections === undefined) {
        return { imageId, score: 0, reason: 'no prediction of this image yet' }
      }
      const boxes = detections
        .filter(({ score }) => score >= lowest)
        .map((detection) => ({ detection, entropy: binaryEntropy(detection.score) }))
        .sort((a, b) => b.entropy - a.entropy)
      if (boxes.length === 0) {
        return { imageId, score: 0, reason: `no box with a score of ${lowest} or more` }
      }
      const entropies = boxes.map(({ entropy }) => entropy)
      const score = aggregate(entropies, how, k)
      const uncertain = boxes.map(({ detection }) => detection)
      return { imageId, score, reason: explain(uncertain, how, k, score, context) }
    })
    return selectBatch(scores, batchSize, random)
  },
}

/** -p ln p - (1 - p) ln (1 - p) in nats: 0 for a sure box, ln 2 at p = 0.5. */
export function binaryEntropy(p: number): number {
  if (p <= 0 || p >= 1) return 0
  return -p * Math.log(p) - (1 - p) * Math.log(1 - p)
}

/** @param entropies at least one, descending. */
function aggregate(entropies: readonly number[], how: string, k: number): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  switch (how) {
    case 'mean':
      return sum(entropies) / entropies.length
    case 'max':
      return entropies[0]
    case 'top-k':
      return sum(entropies.slice(0, k))
    default:
      return sum(entropies)
  }
}

/** @param boxes at least one, most uncertain first. */
function explain(
  boxes: readonly Detection[],
  how: string,
  k: number,
  score: number,
  context: AcquisitionContext,
): string {
  const uncertain = boxes.filter(
    (box) => box.score >= UNCERTAIN.from && box.score <= UNCERTAIN.to,
  ).length
  const [least] = boxes
  const name = context.categoryNames?.get(least.categoryId) ?? least.categoryId
  const total = boxes.length === 1 ? '1 box' : `${boxes.length} boxes`
  const measure = how === 'sum' ? 'entropy' : `entropy (${how === 'top-k' ? `top ${k}` : how})`
  return (
    `${uncertain} of ${total} uncertain, ${measure} ${score.toFixed(2)}; ` +
    `least sure: ${name} ${least.score.toFixed(2)}`
  )
}
