import type { CategoryId } from '../../dataset/types'
import type { Detection } from '../../detection/types'
import { aggregate, aggregatedName, aggregationOf, aggregationParameters } from '../aggregation'
import { boxThreshold } from '../box-threshold'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { AcquisitionContext, QueryStrategy } from '../types'

/** A box is called a close call in a reason when its two likeliest classes are nearer than this. */
const CLOSE = 0.3

/**
 * Margin sampling, '1-vs-2' (Brust et al. 2019): 1 - (p1 - p2) at the peak of every predicted box, p1 and p2 being
 * the two largest class probabilities there, aggregated over the image. Heads are sigmoids, so a faint box counts as
 * undecided even where one class leads; with one class alone it is 1 - p1. An image without boxes scores 0.
 */
export const marginStrategy: QueryStrategy = {
  id: 'margin',
  name: 'Class margin',
  summary: 'Asks for the images whose boxes could as well be of another class.',
  source: 'Brust, Käding & Denzler 2019, Active learning for deep object detection',
  parameters: [...aggregationParameters, boxThreshold],
  needs: [],
  select(context, batchSize, parameters, random) {
    const aggregation = aggregationOf(parameters)
    const lowest = numberOf(boxThreshold, parameters)
    const judged = context.judgedCategories ?? context.categories
    const scores = context.unlabeled.map(({ imageId, detections }) => {
      if (detections === undefined) return { imageId, score: 0, reason: NOT_PREDICTED }
      const rivals = detections
        .filter(({ score }) => score >= lowest)
        .map((detection) => leadOf(detection, judged))
      if (rivals.length === 0) {
        return { imageId, score: 0, reason: `no box with a score of ${lowest} or more` }
      }
      const score = aggregate(
        rivals.map(({ lead }) => 1 - lead),
        aggregation,
      )
      const measure = `${aggregatedName('margin score', aggregation)} ${score.toFixed(2)}`
      return { imageId, score, reason: `${explain(rivals, context)}, ${measure}` }
    })
    return selectBatch(scores, batchSize, random)
  },
}

interface Lead {
  /** p1 - p2, 0..1. */
  readonly lead: number
  readonly first: ClassProbability
  /** Undefined where there is one class only. */
  readonly second: ClassProbability | undefined
}

interface ClassProbability {
  readonly categoryId: CategoryId
  readonly probability: number
}

/**
 * By how much the likeliest class at the peak of a box leads.
 * @param categories those that the class probabilities are of, in their order
 */
function leadOf(
  { categoryId, score, classProbabilities }: Detection,
  categories: readonly CategoryId[],
): Lead {
  const [first = { categoryId, probability: score }, second] = categories
    .map((id, index) => ({ categoryId: id, probability: classProbabilities[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability)
  return { lead: first.probability - (second?.probability ?? 0), first, second }
}

/** @param rivals at least one. */
function explain(rivals: readonly Lead[], context: AcquisitionContext): string {
  const closest = rivals.reduce((a, b) => (b.lead < a.lead ? b : a))
  const say = ({ categoryId, probability }: ClassProbability) =>
    `${categoryName(context, categoryId)} ${probability.toFixed(2)}`
  const { first, second } = closest
  const decision = second === undefined ? say(first) : `${say(first)} or ${say(second)}`
  const close = rivals.filter(({ lead }) => lead < CLOSE).length
  return `${close} of ${boxes(rivals.length)} undecided, the least: ${decision}`
}
