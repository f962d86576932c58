import { applyAdamW, cosineSchedule, createAdamW } from '../core/detection/optimizer'
import { sigmoid } from '../core/detection/loss'
import type { SampleLimits } from '../core/detection/sampling'
import { seededRandom } from '../core/random/seeded'
import type { RandomSource } from '../core/random/types'
import type { HandlerContext } from '../rpc/types'
import type { FeatureStore } from './feature-store'
import { headGradient } from './gradient'
import * as tf from '@tensorflow/tfjs-core'
import { initialParameters, packHead, uploadHead, type HeadShape } from './head'
import { Pacer } from './pacing'
import { rawOutputs } from './predict'
import type { TrainedHead, TrainEvent, TrainRequest } from './protocol'
import {
  createBatch,
  createTrainingSet,
  meanRawDistances,
  type TrainingImage,
} from './training-set'

/** How a head is trained, beside what the user may set. */
export interface TrainingRecipe {
  readonly imagesPerStep: number
  /** Cells drawn from one image. */
  readonly cellLimits: SampleLimits
  readonly warmUpSteps: number
  readonly weightDecay: number
  /** Share of the hidden units dropped in a step. */
  readonly dropoutRate: number
  /** Standard deviation of the factor every feature is multiplied by. */
  readonly featureNoise: number
  /** Steps between two searches for hard negatives. */
  readonly hardNegativeInterval: number
  /** Images a search looks at; more would cost more than they teach. */
  readonly searchedImages: number
}

export const defaultRecipe: TrainingRecipe = {
  imagesPerStep: 12,
  cellLimits: { positives: 80, hardNegatives: 40, randomNegatives: 60 },
  warmUpSteps: 20,
  weightDecay: 1e-4,
  dropoutRate: 0.1,
  featureNoise: 0.1,
  hardNegativeInterval: 60,
  searchedImages: 64,
}

/**
 * Trains a committee on cached features; deterministic for a seed on one backend.
 * @throws Error when the request cannot be trained on or the loss diverges; the signal's reason when cancelled.
 */
export async function trainHead(
  request: TrainRequest,
  store: FeatureStore,
  { signal, emit }: HandlerContext<TrainEvent>,
  recipe: TrainingRecipe = defaultRecipe,
): Promise<TrainedHead> {
  const { settings, categories, seed } = request
  emit({ kind: 'phase', phase: 'sampling' })
  const { images, channels, projectionId } = createTrainingSet(request, store)
  const shape: HeadShape = {
    channels,
    members: settings.committee,
    hidden: settings.hidden,
    outputs: categories.length + 4,
  }
  const random = seededRandom(seed)
  const parameters = initialParameters(shape, meanRawDistances(images), random.fork('weights'))
  const optimizer = createAdamW(parameters.length)
  const order = new ImageOrder(images, random.fork('order'))
  const sampling = random.fork('cells')
  const dropout = new DropoutTable(recipe.dropoutRate, random.fork('dropout'))
  const pacer = new Pacer(signal)

  emit({ kind: 'phase', phase: 'training' })
  const { steps } = settings
  for (let step = 0; step < steps; step++) {
    await pacer.breathe()
    if (step > 0 && step % recipe.hardNegativeInterval === 0) {
      await refreshHardNegatives(
        order.next(recipe.searchedImages),
        shape,
        parameters,
        recipe.cellLimits.hardNegatives,
        pacer,
      )
    }
    const batch = createBatch(
      order.next(recipe.imagesPerStep),
      recipe.cellLimits,
      recipe.featureNoise,
      sampling,
    )
    const { loss, gradient } = await headGradient(
      shape,
      parameters,
      batch,
      dropout.take(shape.members * batch.cellCount * shape.hidden),
    )
    if (!Number.isFinite(loss)) {
      throw new Error(
        `Training diverged at step ${step + 1} of ${steps}: the loss is ${loss}. ` +
          `Lower the learning rate (now ${settings.learningRate}) and train again.`,
      )
    }
    const rate = cosineSchedule(settings.learningRate, step, steps, recipe.warmUpSteps)
    applyAdamW(optimizer, parameters, gradient, rate, recipe.weightDecay)
    const secondsLeft = pacer.secondsLeft(step + 1, steps)
    emit({ kind: 'step', step: step + 1, steps, loss, secondsLeft })
  }
  emit({ kind: 'phase', phase: 'finishing' })
  return {
    categories,
    settings,
    channels: shape.channels,
    projectionId,
    weights: packHead(shape, parameters),
  }
}

/** Marks the background cells to which the committee gives the highest probability of any class. */
async function refreshHardNegatives(
  images: readonly TrainingImage[],
  shape: HeadShape,
  parameters: Float32Array,
  limit: number,
  pacer: Pacer,
): Promise<void> {
  const head = uploadHead(shape, parameters)
  try {
    for (const image of images) {
      await pacer.breathe()
      const scores = largestProbabilities(await rawOutputs(head, image.features), shape)
      const background = [...image.targets.background.keys()].filter(
        (cell) => image.targets.background[cell] === 1,
      )
      background.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
      image.hardNegatives = Int32Array.from(background.slice(0, limit))
    }
  } finally {
    tf.dispose(head)
  }
}

/** Largest committee-mean class probability of every cell. */
function largestProbabilities(values: Float32Array, { members, outputs }: HeadShape): Float32Array {
  const cellCount = values.length / (members * outputs)
  const largest = new Float32Array(cellCount)
  for (let cell = 0; cell < cellCount; cell++) {
    for (let index = 0; index < outputs - 4; index++) {
      let sum = 0
      for (let member = 0; member < members; member++) {
        sum += sigmoid(values[(member * cellCount + cell) * outputs + index] ?? 0)
      }
      largest[cell] = Math.max(largest[cell] ?? 0, sum / members)
    }
  }
  return largest
}

/** Hands out images epoch by epoch, each epoch in a new random order. */
class ImageOrder {
  readonly #images: readonly TrainingImage[]
  readonly #random: RandomSource
  #queue: TrainingImage[] = []

  constructor(images: readonly TrainingImage[], random: RandomSource) {
    this.#images = images
    this.#random = random
  }

  /** The next `count` different images; all of them when there are fewer. */
  next(count: number): TrainingImage[] {
    const wanted = Math.min(count, this.#images.length)
    const drawn = new Set<TrainingImage>()
    while (drawn.size < wanted) {
      const image = this.#queue.pop()
      if (image === undefined) this.#queue = this.#random.shuffle(this.#images)
      else drawn.add(image)
    }
    return [...drawn]
  }
}

/** Dropout factors cut from a long random table at random places: drawing each anew would cost as much as the step. */
class DropoutTable {
  readonly #rate: number
  readonly #random: RandomSource
  #table = new Float32Array(0)

  constructor(rate: number, random: RandomSource) {
    this.#rate = rate
    this.#random = random
  }

  /** `length` factors: 0 for a dropped unit, else 1 / keep probability. Not to be written to. */
  take(length: number): Float32Array {
    const spare = 1 << 16
    if (this.#table.length < length + spare) {
      const keep = 1 / (1 - this.#rate)
      const size = Math.ceil((length + spare) * 1.25)
      this.#table = Float32Array.from({ length: size }, () =>
        this.#random.next() < this.#rate ? 0 : keep,
      )
    }
    const start = this.#random.integer(this.#table.length - length)
    return this.#table.subarray(start, start + length)
  }
}
