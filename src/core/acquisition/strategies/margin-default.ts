import type { RandomSource } from '../../random/types'
import { boxThreshold } from '../box-threshold'
import { coldStart, coldStartParameters } from '../cold-start'
import { populationOf, standsFor } from '../coverage'
import { fillWithMissing, imageFeatures, type ImageFeatures } from '../image-features'
import { sortedById } from '../../dataset/image-order'
import { evenness, imageUtilities, imageUtility, worthPer } from '../image-utility'
import { costWeight, labelingSeconds } from '../labeling-seconds'
import { palScores } from '../pal-score'
import { choiceOf, numberOf } from '../parameters'
import { boxes, categoryName } from '../reason'
import { checkBatchSize } from '../select'
import { classBudgets, pickWithinBudgets } from '../selection/class-quota'
import { selectRows, stackRows } from '../selection/feature-matrix'
import { greedyHerding, pickUpTo } from '../selection/herding'
import type {
  AcquisitionContext,
  AcquisitionScore,
  ChoiceParameter,
  ImageEvidence,
  NumberParameter,
  ParameterValues,
  QueryStrategy,
} from '../types'

const expansion: NumberParameter = {
  kind: 'number',
  id: 'candidates',
  label: 'Candidates',
  help: 'So many times the batch, the images best by PAL, are the candidates among which coverage decides.',
  min: 1,
  max: 100,
  step: 1,
  defaultValue: 4,
}

const randomShare: NumberParameter = {
  kind: 'number',
  id: 'random',
  label: 'Random share',
  help: 'This part of a batch is drawn uniformly, so that images the model is wrongly sure of get labelled too.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0.1,
}

const noise: NumberParameter = {
  kind: 'number',
  id: 'noise',
  label: 'Noise',
  help: 'Standard deviation added to the scores, as a part of their own, halved with every round: early scores deserve little trust.',
  min: 0,
  max: 5,
  step: 0.1,
  defaultValue: 0.5,
}

const quota: ChoiceParameter = {
  kind: 'choice',
  id: 'quota',
  label: 'Class quota',
  help: 'rarity: a batch is shared out among the classes, the rarer the more; none: it is not.',
  options: ['rarity', 'none'],
  defaultValue: 'rarity',
}

const timeWeight: NumberParameter = { ...costWeight, defaultValue: 1 }

/**
 * The product's own strategy. While there is little to go by (fewer than two rounds labelled, or fewer than five and a
 * class with fewer than ten boxes) it is MaxHerding. Then: a tenth of the batch is drawn uniformly at random from all unlabelled images. Of the others
 * the best by PAL, with a noise that decays from round to round, are the candidates, four an image asked for. Of these
 * greedy herding picks what adds most, a second of labelling, to the coverage of all unlabelled images by their worth, the
 * batch being shared out among the classes by their rarity. Seconds of labelling are those of an image and, for each box
 * expected (the sum of the scores), those of a box.
 */
export const marginDefaultStrategy: QueryStrategy = {
  id: 'margin-default',
  name: 'Margin',
  summary:
    'Variety first; then doubtful, rare and telling images, by what they add a second of labelling.',
  source: 'Margin; built from MaxHerding and UHerding (Bae et al. 2024, 2025) and PAL (2026)',
  parameters: [
    ...coldStartParameters,
    expansion,
    randomShare,
    noise,
    quota,
    timeWeight,
    imageUtility,
    worthPer,
    evenness,
    boxThreshold,
  ],
  needs: ['support', 'features', 'out-of-fold'],
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const settings = {
      expansion: numberOf(expansion, parameters),
      randomShare: numberOf(randomShare, parameters),
      noise: numberOf(noise, parameters),
      quota: choiceOf(quota, parameters),
      costWeight: numberOf(timeWeight, parameters),
      worth: {
        [imageUtility.id]: choiceOf(imageUtility, parameters),
        [worthPer.id]: choiceOf(worthPer, parameters),
        [evenness.id]: numberOf(evenness, parameters),
      },
      threshold: numberOf(boxThreshold, parameters),
    }
    const features = imageFeatures(context, {}, random)
    const cold = coldStart(context, parameters)
    const picks =
      cold === undefined
        ? pickForWorth(context, features, batchSize, settings, random)
        : pickForVariety(features, batchSize, cold)
    const isPicked = new Set(picks.map(({ imageId }) => imageId))
    const rest = features.missing.filter(({ imageId }) => !isPicked.has(imageId))
    return fillWithMissing(picks, rest, batchSize)
  },
}

interface Settings {
  readonly expansion: number
  readonly randomShare: number
  readonly noise: number
  readonly costWeight: number
  readonly quota: string
  readonly worth: ParameterValues
  readonly threshold: number
}

/** MaxHerding. */
function pickForVariety(
  features: ImageFeatures,
  batchSize: number,
  why: string,
): AcquisitionScore[] {
  const { images, unlabeled, labeled } = features
  const everyImage = new Float64Array(images.length).fill(1)
  const next = greedyHerding({
    ...populationOf(features, everyImage, 'pool'),
    candidates: unlabeled,
    covering: labeled,
  })
  return pickUpTo(batchSize, next).map((pick) => ({
    imageId: images[pick.index].imageId,
    score: pick.gain,
    reason: `${standsFor(pick, images.length)} (${why})`,
  }))
}

function pickForWorth(
  context: AcquisitionContext,
  features: ImageFeatures,
  batchSize: number,
  settings: Settings,
  random: RandomSource,
): AcquisitionScore[] {
  const { images, unlabeled, labeled } = features
  const drawn = drawAtRandom(context.unlabeled, batchSize, settings.randomShare, random)
  const isDrawn = new Set(drawn.map(({ imageId }) => imageId))
  const rowsDrawn = [...images.keys()].filter((row) => isDrawn.has(images[row].imageId))

  const wanted = batchSize - drawn.length
  const { images: scores, rarity } = palScores(images, context, settings.threshold)
  const noisy = withNoise(
    images,
    scores.map(({ score }) => score),
    settings.noise * 0.5 ** Math.max(0, context.rounds - 1),
    random,
  )
  const candidates = [...images.keys()]
    .filter((row) => !isDrawn.has(images[row].imageId))
    .sort((a, b) => noisy[b] - noisy[a])
    .slice(0, settings.expansion * wanted)

  const seconds = candidates.map((row) => labelingSeconds(images[row], context))
  const utilities = imageUtilities(images, context, {
    ...settings.worth,
    [boxThreshold.id]: settings.threshold,
  })
  const next = greedyHerding({
    ...populationOf(features, utilities, 'pool'),
    candidates: selectRows(unlabeled, candidates),
    covering: stackRows(labeled, selectRows(unlabeled, rowsDrawn)),
    costs: Float64Array.from(seconds, (value) => value ** settings.costWeight),
  })
  const { categories } = context
  const classes = candidates.map((row) => {
    const { category } = scores[row]
    return category === undefined ? undefined : categories.indexOf(category)
  })
  const budgets = classBudgets(
    categories.map((categoryId) => rarity.get(categoryId) ?? 0),
    wanted,
  )
  const chosen =
    settings.quota === 'none'
      ? pickUpTo(wanted, next)
      : pickWithinBudgets(classes, budgets, wanted, next)
  const picks = chosen.map((pick) => {
    const row = candidates[pick.index]
    const { entropy, boxes: count, category } = scores[row]
    const doubt =
      category === undefined
        ? 'no box of enough score'
        : `mean entropy ${entropy.toFixed(2)} over ${boxes(count)}, most of it ${categoryName(context, category)}`
    const time = `about ${Math.round(seconds[pick.index])} s to label`
    return {
      imageId: images[row].imageId,
      score: pick.gain,
      reason: `${standsFor(pick, images.length)}; ${doubt}; ${time}`,
    }
  })
  return [...picks, ...drawn]
}

/** Uniformly from all unlabelled images, without a look at what is known of them. */
function drawAtRandom(
  unlabeled: readonly ImageEvidence[],
  batchSize: number,
  share: number,
  random: RandomSource,
): AcquisitionScore[] {
  return random
    .fork('random share')
    .shuffle(sortedById(unlabeled))
    .slice(0, Math.round(share * batchSize))
    .map(({ imageId }) => ({
      imageId,
      score: 0,
      reason: `drawn at random: part of the ${Math.round(share * 100)} % that the model has no say in`,
    }))
}

/** @param level of the noise, as a part of the standard deviation of the scores */
function withNoise(
  images: readonly ImageEvidence[],
  scores: readonly number[],
  level: number,
  random: RandomSource,
): number[] {
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length)
  const variance =
    scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, scores.length)
  const deviation = level * Math.sqrt(variance)
  const stream = random.fork('noise')
  // A stream an image: its noise does not depend on the other images.
  return scores.map((score, row) => score + deviation * stream.fork(images[row].imageId).normal())
}
