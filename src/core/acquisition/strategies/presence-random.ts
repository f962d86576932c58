import type { CategoryId } from '../../dataset/types'
import type { Detection } from '../../detection/types'
import { categoryRarity, labeledImagesByCategory } from '../worth/class-rarity'
import { numberOf } from '../parameters'
import { categoryName, NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { NumberParameter, QueryStrategy } from '../types'

const floor: NumberParameter = {
  kind: 'number',
  id: 'floor',
  label: 'Floor',
  help: 'Weight of an image in which nothing is seen, against 1 for one that surely shows the rarest class.',
  min: 0.001,
  max: 1,
  step: 0.001,
  defaultValue: 0.02,
}

/**
 * The improved random baseline, after the foreground-aware random sampling of nnActive (Lüth et al. 2025): images are
 * drawn without replacement with a probability proportional to rarity of the class x confidence of its surest box,
 * for the class of the image where that is largest. Rarity is 1 / (1 + labelled images of the class), scaled to 1 for
 * the rarest. No image weighs less than the floor; without a model all weigh the same.
 */
export const presenceRandomStrategy: QueryStrategy = {
  id: 'presence-random',
  name: 'Presence random',
  summary: 'Draws at random, more often where the model surely sees a class with few labels.',
  source: 'Lüth et al. 2025, nnActive (foreground-aware random sampling)',
  parameters: [floor],
  needs: [],
  select(context, batchSize, parameters, random) {
    const least = numberOf(floor, parameters)
    const rarity = categoryRarity(context)
    const counts = labeledImagesByCategory(context)
    const scores = context.unlabeled.map(({ imageId, detections }) => {
      const seen = strongest(detections ?? [], rarity)
      const weight = Math.max(least, seen?.weight ?? 0)
      const draw = `drawn at random with weight ${weight.toFixed(2)}`
      // The weighted draw of Efraimidis & Spirakis (2006): the largest of the keys u^(1 / weight), here their logarithms.
      // A stream an image: the draw does not depend on the order of the pool.
      const score = Math.log(1 - random.fork(imageId).next()) / weight
      if (detections === undefined) return { imageId, score, reason: `${draw}: ${NOT_PREDICTED}` }
      if (seen === undefined) return { imageId, score, reason: `${draw}: nothing is seen in it` }
      const { categoryId, score: confidence } = seen.detection
      return {
        imageId,
        score,
        reason:
          `${draw}: ${categoryName(context, categoryId)} ${confidence.toFixed(2)}, ` +
          `labelled in ${imageCount(counts.get(categoryId) ?? 0)} so far`,
      }
    })
    return selectBatch(scores, batchSize, random)
  },
}

/** The detection with the largest rarity x confidence; undefined without detections. */
function strongest(
  detections: readonly Detection[],
  rarity: ReadonlyMap<CategoryId, number>,
): { detection: Detection; weight: number } | undefined {
  return detections
    .map((detection) => ({
      detection,
      weight: (rarity.get(detection.categoryId) ?? 1) * detection.score,
    }))
    .reduce<{ detection: Detection; weight: number } | undefined>(
      (best, candidate) =>
        best === undefined || candidate.weight > best.weight ? candidate : best,
      undefined,
    )
}

function imageCount(count: number): string {
  return count === 1 ? '1 image' : `${count} images`
}
