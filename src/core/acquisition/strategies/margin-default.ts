import { sortedById } from '../../dataset/image-order'
import type { CategoryId } from '../../dataset/types'
import type { RandomSource } from '../../random/types'
import { boxThreshold } from '../box-threshold'
import { classGains, imageGains, type ClassGain, type ImageGain } from '../class-gain'
import { populationOf, standsFor } from '../coverage'
import { fillWithMissing, imageFeatures } from '../image-features'
import { costWeight, labelingSeconds } from '../labeling-seconds'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { repetition, repetitionWeight } from '../repetition'
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
  help: 'How much images count by what their boxes would teach: 0 not at all, variety alone decides; 1 in proportion; 2 by the square of it.',
  min: 0,
  max: 5,
  step: 0.5,
  defaultValue: 1,
}

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
 * The product's own strategy: the variety of MaxHerding, weighed by what labels would teach. Greedy herding picks the images
 * that add most to the mean over the unlabelled images x of w(x) max K(x, c), c being what is labelled or picked, divided by
 * how often their own labels say the same (`repetition`): a shelf of one product takes a box an item and shows little. The
 * worth w(x) is what a box of x is expected to teach, as its class is scarce among the labels and still badly detected
 * (`imageGains`). Before there is a model all images are alike in both: then it is MaxHerding.
 *
 * Neither a model's doubt nor the time an image takes is counted, unless the weight of time is raised: in replays doubt
 * bought crowded and badly labelled images, and dividing by time bought close-ups and images on which the model saw
 * nothing. Scarce classes come first by their worth, without quotas. A random share, which would be an unbiased look at the
 * pool, is off unless it is asked for: of so many images it makes random ones.
 */
export const marginDefaultStrategy: QueryStrategy = {
  id: 'margin-default',
  name: 'Margin',
  version: 2,
  summary:
    'Asks for images unlike those labelled that repeat themselves little, most of all of scarce and difficult classes.',
  source: 'Margin; built on MaxHerding and UHerding (Bae et al. 2024, 2025)',
  parameters: [worthWeight, repetitionWeight, randomShare, costWeight, boxThreshold],
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
    const worths = imageGains(images, gains, numberOf(boxThreshold, parameters))
    const exponent = numberOf(worthWeight, parameters)
    const repeated = images.map((image) => repetition(image, context))
    const weightOfRepetition = numberOf(repetitionWeight, parameters)
    const seconds = labelingSeconds(images, context)
    const weightOfTime = numberOf(costWeight, parameters)
    const next = greedyHerding({
      ...populationOf(
        features,
        Float64Array.from(worths, ({ worth }) => worth ** exponent),
        'pool',
      ),
      candidates: unlabeled,
      covering: stackRows(labeled, selectRows(unlabeled, rowsDrawn)),
      costs: Float64Array.from(
        seconds,
        (time, row) => repeated[row] ** weightOfRepetition * time ** weightOfTime,
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
        ...(weightOfRepetition > 0 ? explainRepetition(repeated[pick.index]) : []),
        ...(weightOfTime > 0 ? [`about ${Math.round(seconds[pick.index])} s to label`] : []),
      ]
      return { imageId: image.imageId, score: pick.gain, reason: clauses.join('; ') }
    })
    const rest = features.missing.filter(({ imageId }) => !isDrawn.has(imageId))
    return fillWithMissing([...picks, ...drawn], rest, batchSize)
  },
}

/** 'a box of it would teach 2.1 times the average, Platelets most: 12 boxes labelled, AP50 0.61' */
function explain(
  context: AcquisitionContext,
  { detections }: ImageEvidence,
  { worth, category }: ImageGain,
  gains: ReadonlyMap<CategoryId, ClassGain>,
): string {
  if (detections === undefined) return NOT_PREDICTED
  if (category === undefined) return 'the model sees no box in it'
  const { objects = 0, ap50 } = gains.get(category) ?? {}
  const known = `${boxes(objects)} labelled${ap50 === undefined ? '' : `, AP50 ${ap50.toFixed(2)}`}`
  return (
    `a box of it would teach ${worth.toFixed(1)} times the average, ` +
    `${categoryName(context, category)} most: ${known}`
  )
}

/** '38 % of the time to label it goes into more of the same'; nothing where next to none does */
function explainRepetition(repeated: number): string[] {
  const percent = Math.round(100 * (1 - 1 / repeated))
  return percent < 1 ? [] : [`${percent} % of the time to label it goes into more of the same`]
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
