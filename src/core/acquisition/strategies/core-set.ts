import { fillWithMissing, imageFeature, imageFeatures } from '../variety/image-features'
import { lowerToNearest, nearestSquaredDistances, type FeatureMatrix } from '../../numeric/matrix'
import { greedyKCentre } from '../variety/k-centre'
import { checkBatchSize } from '../select'
import type { QueryStrategy } from '../types'

/**
 * Core-set selection (Sener & Savarese 2018) by greedy k-centre: again and again the image farthest from every image
 * labelled or picked so far, in the Euclidean distance of the standardised image features. Every unlabelled image is a
 * candidate. Where nothing is labelled, the first pick is the image nearest to the middle of the pool.
 */
export const coreSetStrategy: QueryStrategy = {
  id: 'core-set',
  name: 'Core-set',
  summary: 'Asks for the images that are least like anything labelled.',
  source:
    'Sener & Savarese 2018, Active learning for convolutional neural networks: a core-set approach',
  parameters: [imageFeature],
  needs: ['features'],
  coldStart: true,
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const { images, unlabeled, labeled, missing } = imageFeatures(context, parameters, random)
    const picks = greedyKCentre(
      nearestSquaredDistances(unlabeled, labeled),
      batchSize,
      (nearest, picked) => lowerToNearest(nearest, unlabeled, unlabeled, picked),
      labeled.rows === 0 ? rowNearestToMiddle(unlabeled) : undefined,
    )
    const scores = picks.map(({ index, distance }, position) => {
      const { imageId } = images[index]
      if (distance === Infinity) {
        // Its score is the largest distance from it, which is that of the next pick: scores never rise.
        const score = Math.sqrt(picks.at(1)?.distance ?? 0)
        const why =
          context.labeled.length === 0
            ? 'nothing is labelled yet'
            : 'no labelled image has features yet'
        return { imageId, score, reason: `${why}: the most average image` }
      }
      const score = Math.sqrt(distance)
      const [one, none] =
        position === 0
          ? ['a labelled image', 'no labelled image']
          : ['an image labelled or picked before it', 'no image labelled or picked before it']
      const shown = score.toFixed(1)
      // The farthest image may be a twin, where all are.
      const like = Number(shown) === 0 ? `${one} looks the same` : `${none} looks like this one`
      return { imageId, score, reason: `${like}: distance ${shown}` }
    })
    return fillWithMissing(scores, missing, batchSize)
  },
}

/** The middle of standardised rows is 0. Of equally near rows the first; 0 without rows. */
function rowNearestToMiddle({ squaredNorms }: FeatureMatrix): number {
  let row = 0
  squaredNorms.forEach((norm, index) => {
    if (norm < squaredNorms[row]) row = index
  })
  return row
}
