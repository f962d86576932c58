import { sortedById } from '../../dataset/image-order'
import type { CategoryId } from '../../dataset/types'
import type { RandomSource } from '../../random/types'
import { boxThreshold } from '../doubt/box-threshold'
import { classDoubts, confusionShare } from '../doubt/class-doubt'
import { classGains, imageGains, type ClassGain, type ImageGain } from '../worth/class-gain'
import { populationOf, standsFor } from '../variety/population'
import { fillWithMissing, imageFeatures } from '../variety/image-features'
import { costWeight, labelingSeconds } from '../cost/labeling-seconds'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { repetition, repetitionWeight } from '../variety/repetition'
import { checkBatchSize, selectBatch } from '../select'
import { selectRows, stackRows } from '../../numeric/matrix'
import { greedyHerding, pickUpTo } from '../variety/herding'
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

const doubtWeight: NumberParameter = {
  kind: 'number',
  id: 'doubt',
  label: 'Weight of class doubt',
  help: 'Where confused classes are most of what errors cost, this times their part in it is the part of a batch that goes to images of doubtful class: 0 none of it.',
  min: 0,
  max: 1,
  step: 0.1,
  defaultValue: 1,
}

/** From so many labelled boxes on a model's doubt about a class says something of the class. */
const boxesBeforeDoubt = 10

/** Of the labels of fewer rounds it is too uncertain which kind of error costs most. */
const roundsBeforeDoubt = 2

/** Confused classes cost more than all other errors together. */
const leastConfusionShare = 0.5

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
 * The product's own strategy: variety first, doubt about classes once there is enough to doubt. The variety is that of
 * MaxHerding, weighed by what labels would teach. Greedy herding picks the images that add most to the mean over the
 * unlabelled images x of w(x) max K(x, c), c being what is labelled or picked, divided by how often their own labels say the
 * same (`repetition`): a shelf of one product takes a box an item and shows little. The worth w(x) is what a box of x is
 * expected to teach, as its class is scarce among the labels and still badly detected (`imageGains`). Before there is a
 * model all images are alike in both: then it is MaxHerding.
 *
 * What variety finds it finds early. From the third batch on, once every class has ten labelled boxes, and where confused
 * classes cost more than all other errors together, a part of the batch goes to the images with most doubt a second
 * (`classDoubts`): the part that confused classes have in what the errors cost (`confusionShare`). Where other errors cost
 * more, doubt buys crowded and badly labelled images, and before classes are known it says little.
 *
 * The time an image takes does not count in herding, unless its weight is raised: dividing by it bought close-ups and images
 * on which the model saw nothing. Scarce classes come first by their worth, without quotas. A random share, which would be an
 * unbiased look at the pool, is off unless it is asked for: of so many images it makes random ones.
 */
export const marginDefaultStrategy: QueryStrategy = {
  id: 'margin-default',
  name: 'Margin',
  version: 4,
  summary:
    'Asks for images unlike those labelled that repeat themselves little, later for those of doubtful class.',
  source: 'Margin; built on MaxHerding and UHerding (Bae et al. 2024, 2025)',
  parameters: [worthWeight, repetitionWeight, doubtWeight, randomShare, costWeight, boxThreshold],
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
    const gains = classGains(context)
    const lowest = numberOf(boxThreshold, parameters)
    const doubted = askAboutClasses(
      without(context.unlabeled, drawn),
      batchSize - drawn.length,
      { context, gains, lowest, weight: numberOf(doubtWeight, parameters) },
      random,
    )
    const taken = new Set([...doubted, ...drawn].map(({ imageId }) => imageId))
    const rows = [...images.keys()]
    const rowsTaken = rows.filter((row) => taken.has(images[row].imageId))

    const worths = imageGains(images, gains, lowest)
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
      covering: stackRows(labeled, selectRows(unlabeled, rowsTaken)),
      costs: Float64Array.from(
        seconds,
        (time, row) => repeated[row] ** weightOfRepetition * time ** weightOfTime,
      ),
    })
    const herded = pickUpTo(batchSize - taken.size, () =>
      next((row) => !taken.has(images[row].imageId)),
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
    const rest = without(features.missing, [...doubted, ...drawn])
    return fillWithMissing([...doubted, ...picks, ...drawn], rest, batchSize)
  },
}

function without(
  images: readonly ImageEvidence[],
  picks: readonly AcquisitionScore[],
): ImageEvidence[] {
  const taken = new Set(picks.map(({ imageId }) => imageId))
  return images.filter(({ imageId }) => !taken.has(imageId))
}

interface DoubtSettings {
  readonly context: AcquisitionContext
  readonly gains: ReadonlyMap<CategoryId, ClassGain>
  /** Boxes with a lower score do not count. */
  readonly lowest: number
  /** Of class doubt, 0..1. */
  readonly weight: number
}

/** The part of a batch that goes to images of doubtful class; none where other errors cost more, or a class has few labels. */
function askAboutClasses(
  unlabeled: readonly ImageEvidence[],
  batchSize: number,
  { context, gains, lowest, weight }: DoubtSettings,
  random: RandomSource,
): AcquisitionScore[] {
  const isKnown = [...gains.values()].every(({ objects }) => objects >= boxesBeforeDoubt)
  if (weight === 0 || context.rounds < roundsBeforeDoubt || !isKnown) return []
  const share = confusionShare(context)
  if (share <= leastConfusionShare) return []
  const count = Math.round(weight * share * batchSize)
  const cause = `confused classes are ${Math.round(100 * share)} % of what errors cost`
  return selectBatch(classDoubts(unlabeled, context, lowest), count, random).map((pick) => ({
    ...pick,
    reason: `${pick.reason}; ${cause}`,
  }))
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
