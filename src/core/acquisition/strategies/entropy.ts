import type { Detection } from '../../detection/types'
import { chosenOption } from '../parameters'
import type { AcquisitionContext, QueryStrategy, StrategyParameter } from '../types'

const aggregation: StrategyParameter = {
  id: 'aggregation',
  label: 'Aggregation over boxes',
  options: ['sum', 'mean', 'max', 'top-k'],
  defaultValue: 'sum',
}

const topK: StrategyParameter = {
  id: 'k',
  label: 'Boxes summed by top-k',
  options: ['3', '5', '10', '20'],
  defaultValue: '5',
}

const threshold: StrategyParameter = {
  id: 'threshold',
  label: 'Lowest score of a box',
  options: ['0.05', '0.1', '0.2', '0.3'],
  defaultValue: '0.1',
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
  score(context, parameters) {
    const how = chosenOption(aggregation, parameters)
    const k = Number(chosenOption(topK, parameters))
    const lowest = Number(chosenOption(threshold, parameters))
    return context.unlabeled.map((imageId) => {
      const predicted = context.detections.get(imageId)
      if (predicted === undefined) {
        return { imageId, score: 0, reason: 'no prediction of this image yet' }
      }
      const boxes = predicted.detections
        .filter(({ score }) => score >= lowest)
        .map((detection) => ({ detection, entropy: binaryEntropy(detection.score) }))
        .sort((a, b) => b.entropy - a.entropy)
      if (boxes.length === 0) {
        return { imageId, score: 0, reason: `no box with a score of ${lowest} or more` }
      }
      const score = aggregate(
        boxes.map(({ entropy }) => entropy),
        how,
        k,
      )
      const detections = boxes.map(({ detection }) => detection)
      return { imageId, score, reason: explain(detections, how, k, score, context) }
    })
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
