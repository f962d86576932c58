import { sortedById } from '../dataset/image-order'
import type { ImageId } from '../dataset/types'
import type { RandomSource } from '../random/types'
import type { AcquisitionScore } from './types'

/**
 * The `batchSize` most informative images, best first; all of them when there are fewer. Ties are
 * broken by `random`, never by the order of `scores`. An image scored twice counts once, with its
 * higher score.
 *
 * @throws RangeError when `batchSize` is not a whole number >= 0 or a score is not finite.
 */
export function selectBatch(
  scores: readonly AcquisitionScore[],
  batchSize: number,
  random: RandomSource,
): AcquisitionScore[] {
  checkBatchSize(batchSize)
  const best = new Map<ImageId, AcquisitionScore>()
  for (const candidate of scores) {
    if (!Number.isFinite(candidate.score)) {
      throw new RangeError(
        `selectBatch: the score of image ${candidate.imageId} is ${candidate.score}; the strategy ` +
          'or the model behind it has failed: train again or choose another strategy.',
      )
    }
    const known = best.get(candidate.imageId)
    if (known === undefined || candidate.score > known.score) best.set(candidate.imageId, candidate)
  }
  const ordered = sortedById(best.values())
  // The sort is stable: equal scores keep the shuffled order.
  return random
    .shuffle(ordered)
    .sort((a, b) => b.score - a.score)
    .slice(0, batchSize)
}

/** @throws RangeError when `batchSize` is not a whole number >= 0. */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isSafeInteger(batchSize) || batchSize < 0) {
    throw new RangeError(
      `The batch size is ${batchSize}; give a whole number of images, 0 or more.`,
    )
  }
}
