import { boxThreshold } from '../doubt/box-threshold'
import { imageFeature, imageFeatures } from '../variety/image-features'
import { palScores, type PalScore } from '../worth/pal-score'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { classBudgets, pickWithinBudgets } from '../worth/class-quota'
import { cosineOfRows } from '../../numeric/matrix'
import { checkBatchSize } from '../select'
import type { AcquisitionContext, QueryStrategy } from '../types'

/** Weight of being unlike the other picks, as published. */
const diversityWeight = 0.02

/**
 * PAL (2026): images whose boxes may as well be right as wrong, by a logistic model a class of how often detections with such
 * a score and so many raw boxes behind them are right; a little more for rare classes and for being unlike the images
 * picked before it. The budget that pays for an image is that of the class in which it is most unsure, rare classes
 * weighing more; the batch is shared out by rarity among the classes that some image counts for. A cosine below 0 counts as 0.
 */
export const palStrategy: QueryStrategy = {
  id: 'pal',
  name: 'PAL',
  version: 2,
  summary: 'Asks for images whose boxes may as well be wrong as right, each class by its rarity.',
  source: 'PAL, CVPR 2026',
  parameters: [boxThreshold, imageFeature],
  needs: ['support', 'features', 'out-of-fold'],
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const lowest = numberOf(boxThreshold, parameters)
    const { images, unlabeled, missing } = imageFeatures(context, parameters, random)
    // Without features nobody knows what an image is like; that costs it nothing here.
    const all = [...images, ...missing]
    const { images: scores, rarity } = palScores(all, context, lowest)
    const classes = scores.map(({ category }) => category)
    const shown = new Set(classes)
    const weights = new Map([...rarity].filter(([categoryId]) => shown.has(categoryId)))
    const budgets = classBudgets(weights, batchSize, random)

    const likeness = new Float64Array(all.length)
    const isPicked = new Uint8Array(all.length)
    const totalOf = (index: number): number =>
      scores[index].score + diversityWeight * (1 - likeness[index])
    const picks = pickWithinBudgets(classes, budgets, batchSize, (isAllowed) => {
      let index: number | undefined
      for (let i = 0; i < all.length; i++) {
        if (isPicked[i] === 1 || !isAllowed(i)) continue
        if (index === undefined || totalOf(i) > totalOf(index)) index = i
      }
      if (index === undefined) return undefined
      const pick = { index, score: totalOf(index) }
      isPicked[index] = 1
      if (index < unlabeled.rows) {
        for (let i = 0; i < unlabeled.rows; i++) {
          likeness[i] = Math.max(likeness[i], cosineOfRows(unlabeled, i, index))
        }
      }
      return pick
    })
    return picks.map(({ index, score }) => {
      const { imageId, detections } = all[index]
      const reason = detections === undefined ? NOT_PREDICTED : explain(scores[index], context)
      return { imageId, score, reason }
    })
  },
}

function explain(
  { boxes: count, entropy, category }: PalScore,
  context: AcquisitionContext,
): string {
  if (category === undefined) return 'no box of enough score; unlike the other picks'
  return (
    `unsure whether its boxes are right: mean entropy ${entropy.toFixed(2)} of at most ` +
    `${Math.LN2.toFixed(2)} over ${boxes(count)}; counted for ${categoryName(context, category)}`
  )
}
