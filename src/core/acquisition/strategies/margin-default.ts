import { sortedById } from '../../dataset/image-order'
import type { CategoryId } from '../../dataset/types'
import type { RandomSource } from '../../random/types'
import { classGains, imageGains, type ClassGain, type ImageGain } from '../class-gain'
import { populationOf, standsFor } from '../coverage'
import { fillWithMissing, imageFeatures } from '../image-features'
import { costWeight, labelingSeconds } from '../labeling-seconds'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { checkBatchSize } from '../select'
import { selectRows, stackRows } from '../selection/feature-matrix'
import { greedyHerding, pickUpTo } from '../selection/herding'
import type {
  AcquisitionContext,
  AcquisitionScore,
  ImageEvidence,
  NumberParameter,
  QueryStrategy,
} from '../types'

const worthWeight: NumberParameter = {
  kind: 'number',
  id: 'worth',
  label: 'Weight of worth',
  help: 'How much images count by what they would teach about scarce and difficult classes: 0 not at all; 1 in proportion; 2 by the square of it.',
  min: 0,
  max: 5,
  step: 0.5,
  defaultValue: 1,
}

const timeWeight: NumberParameter = { ...costWeight, defaultValue: 1 }

const randomShare: NumberParameter = {
  kind: 'number',
  id: 'random',
  label: 'Random share',
  help: 'This part of a batch, in whole images, is drawn uniformly from what is not labelled, without a look at what is known.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0,
}

/**
 * The product's own strategy: MaxHerding, by what a second of labelling teaches. Greedily the images with the largest
 *
 *   (what it adds to the mean over the unlabelled images x of max K(x, c)) x gain / seconds
 *
 * c being what is labelled or picked. The gain is what its labels are expected to teach, as the classes it shows are scarce
 * among the labels and still badly detected, several objects of one class on one image counting less each (`imageGains`);
 * the seconds are those that labelling it is expected to take. So it prefers images that show much, of which little needs
 * to be drawn again and again. Before there is a model all images are worth the same: then it is MaxHerding.
 *
 * A model's doubt is not counted: in replays it bought crowded and badly labelled images.
 */
export const marginDefaultStrategy: QueryStrategy = {
  id: 'margin-default',
  name: 'Margin',
  version: 2,
  summary:
    'Asks for images unlike those labelled that teach most a second, most of all about scarce and difficult classes.',
  source: 'Margin; built on MaxHerding and UHerding (Bae et al. 2024, 2025)',
  parameters: [worthWeight, timeWeight, randomShare],
  needs: ['features', 'out-of-fold'],
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const features = imageFeatures(context, {}, random)
    const { images, unlabeled, labeled } = features
    const drawn = drawAtRandom(
      context.unlabeled,
      batchSize,
      numberOf(randomShare, parameters),
      random,
    )
    const isDrawn = new Set(drawn.map(({ imageId }) => imageId))
    const rows = [...images.keys()]
    const rowsDrawn = rows.filter((row) => isDrawn.has(images[row].imageId))

    const gains = classGains(context)
    const worths = imageGains(images, gains)
    const seconds = labelingSeconds(images, context)
    const exponent = numberOf(worthWeight, parameters)
    const weightOfTime = numberOf(timeWeight, parameters)
    const next = greedyHerding({
      ...populationOf(features, new Float64Array(images.length).fill(1), 'pool'),
      candidates: unlabeled,
      covering: stackRows(labeled, selectRows(unlabeled, rowsDrawn)),
      costs: Float64Array.from(
        seconds,
        (time, row) => time ** weightOfTime / worths[row].gain ** exponent,
      ),
    })
    const herded = pickUpTo(batchSize - drawn.length, () =>
      next((row) => !isDrawn.has(images[row].imageId)),
    )
    const picks = herded.map((pick) => {
      const image = images[pick.index]
      const clauses = [
        standsFor(pick, images.length),
        ...(exponent > 0 ? [explain(context, image, worths[pick.index], gains)] : []),
        ...(weightOfTime > 0 ? [`about ${Math.round(seconds[pick.index])} s to label`] : []),
      ]
      return { imageId: image.imageId, score: pick.gain, reason: clauses.join('; ') }
    })
    const rest = features.missing.filter(({ imageId }) => !isDrawn.has(imageId))
    return fillWithMissing([...picks, ...drawn], rest, batchSize)
  },
}

/** 'it would teach 2.1 times as much as the average image, most about Platelets: 12 boxes labelled, AP50 0.61' */
function explain(
  context: AcquisitionContext,
  { detections }: ImageEvidence,
  { gain, category }: ImageGain,
  gains: ReadonlyMap<CategoryId, ClassGain>,
): string {
  if (detections === undefined) return NOT_PREDICTED
  if (category === undefined) return 'the model sees no box in it'
  const { objects = 0, ap50 } = gains.get(category) ?? {}
  const known = `${boxes(objects)} labelled${ap50 === undefined ? '' : `, AP50 ${ap50.toFixed(2)}`}`
  return (
    `it would teach ${gain.toFixed(1)} times as much as the average image, ` +
    `most about ${categoryName(context, category)}: ${known}`
  )
}

/** Uniformly from all unlabelled images, without a look at what is known of them. */
function drawAtRandom(
  unlabeled: readonly ImageEvidence[],
  batchSize: number,
  share: number,
  random: RandomSource,
): AcquisitionScore[] {
  const count = Math.round(share * batchSize)
  return random
    .fork('random share')
    .shuffle(sortedById(unlabeled))
    .slice(0, count)
    .map(({ imageId }) => ({
      imageId,
      score: 0,
      reason: `drawn at random: ${count} of ${batchSize} images are, the model has no say in them`,
    }))
}
