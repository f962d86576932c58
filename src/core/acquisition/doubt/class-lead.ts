import type { CategoryId } from '../../dataset/types'
import type { Detection } from '../../detection/types'
import { boxes, categoryName } from '../reason'
import type { AcquisitionContext } from '../types'

/** A box is called a close call in a reason when its two likeliest classes are nearer than this. */
const CLOSE = 0.3

/** How decided the class of a box is. */
export interface ClassLead {
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
 * By how much the likeliest class at the peak of each box leads, '1-vs-2' (Brust et al. 2019). Heads are sigmoids, so a
 * faint box counts as undecided even where one class leads; with one class alone the lead is p1.
 *
 * @param judged the classes that the class probabilities are of, in their order
 * @param lowest boxes with a lower score do not count
 */
export function classLeads(
  detections: readonly Detection[],
  judged: readonly CategoryId[],
  lowest: number,
): ClassLead[] {
  return detections
    .filter(({ score }) => score >= lowest)
    .map(({ categoryId, score, classProbabilities }) => {
      const [first = { categoryId, probability: score }, second] = judged
        .map((id, index) => ({ categoryId: id, probability: classProbabilities[index] ?? 0 }))
        .sort((a, b) => b.probability - a.probability)
      return { lead: first.probability - (second?.probability ?? 0), first, second }
    })
}

/**
 * '2 of 3 boxes undecided, closest: WBC 0.60 or RBC 0.50'
 * @param leads at least one
 */
export function explainLeads(leads: readonly ClassLead[], context: AcquisitionContext): string {
  const closest = leads.reduce((a, b) => (b.lead < a.lead ? b : a))
  const say = ({ categoryId, probability }: ClassProbability) =>
    `${categoryName(context, categoryId)} ${probability.toFixed(2)}`
  const { first, second } = closest
  const decision = second === undefined ? say(first) : `${say(first)} or ${say(second)}`
  const close = leads.filter(({ lead }) => lead < CLOSE).length
  return `${close} of ${boxes(leads.length)} undecided, closest: ${decision}`
}
