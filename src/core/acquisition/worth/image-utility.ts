import type { Detection } from '../../detection/types'
import { boxThreshold } from '../doubt/box-threshold'
import { categoryRarity } from './class-rarity'
import { fractionalRanks } from '../../numeric/ranks'
import { choiceOf, numberOf } from '../parameters'
import type { AcquisitionContext, ChoiceParameter, ImageEvidence, ParameterValues } from '../types'
import { binaryEntropy, committeeDisagreement } from '../doubt/uncertainty'

/** What makes an image worth covering. */
export const imageUtility: ChoiceParameter = {
  kind: 'choice',
  id: 'utility',
  label: 'Worth of an image',
  help: 'class-entropy counts confident boxes of doubtful and rare class, disagreement that of the heads, mixed both; none: variety only.',
  options: ['mixed', 'class-entropy', 'disagreement', 'entropy', 'none'],
  defaultValue: 'mixed',
}

/**
 * How much each image is worth, in (0, 1]: its rank in the pool (a fraction; equal images share the mean of theirs) by what
 * its boxes have in sum. `class-entropy`: `classEntropy` x score x rarity of the class
 * (`categoryRarity`). `disagreement`: that of the committee's members. `mixed`: the mean of these two ranks. `entropy`: the
 * binary entropy of the score, as calibrated. `none`: 1 for all. An image without detections has the sum 0.
 *
 * @param parameters values of `imageUtility` and `boxThreshold`
 */
export function imageUtilities(
  images: readonly ImageEvidence[],
  context: AcquisitionContext,
  parameters: ParameterValues,
): Float64Array {
  const threshold = numberOf(boxThreshold, parameters)
  const ranksBy = (worthOf: (detection: Detection) => number): Float64Array =>
    fractionalRanks(
      images.map((image) => {
        const boxes = (image.detections ?? []).filter(({ score }) => score >= threshold)
        return boxes.reduce((sum, box) => sum + worthOf(box), 0)
      }),
    )
  return (
    worthRanks(choiceOf(imageUtility, parameters), context, ranksBy) ??
    new Float64Array(images.length).fill(1)
  )
}

/** Undefined where all are worth the same. */
function worthRanks(
  how: string,
  context: AcquisitionContext,
  ranksBy: (worthOf: (detection: Detection) => number) => Float64Array,
): Float64Array | undefined {
  const byClass = (): Float64Array => {
    const rarity = categoryRarity(context)
    return ranksBy(
      (box) => classEntropy(box.classProbabilities) * box.score * (rarity.get(box.categoryId) ?? 1),
    )
  }
  const byDisagreement = (): Float64Array =>
    ranksBy(({ memberScores }) => committeeDisagreement(memberScores))
  switch (how) {
    case 'class-entropy':
      return byClass()
    case 'disagreement':
      return byDisagreement()
    case 'entropy':
      return ranksBy(({ score }) => binaryEntropy(score))
    case 'none':
      return undefined
    default: {
      const disagreement = byDisagreement()
      return byClass().map((rank, index) => (rank + disagreement[index]) / 2)
    }
  }
}

/**
 * How doubtful the class of a box is, 0..1: the entropy of its class probabilities, scaled to a sum of 1, over that of as
 * many equal ones. A single class leaves no doubt about itself: then whether there is an object at all counts.
 */
export function classEntropy(probabilities: readonly number[]): number {
  if (probabilities.length === 1) return binaryEntropy(probabilities[0]) / Math.LN2
  const total = probabilities.reduce((sum, p) => sum + p, 0)
  if (!(total > 0)) return 0
  const entropy = probabilities.reduce((sum, p) => {
    return p > 0 ? sum - (p / total) * Math.log(p / total) : sum
  }, 0)
  return entropy / Math.log(probabilities.length)
}
