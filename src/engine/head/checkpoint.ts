/** The state of a training run, and the copies of it a run can go on from. */
import { createAdamW, type AdamWState } from '../../core/detection/optimizer'
import { hashHex } from '../../core/random/hash'
import type { RandomSource } from '../../core/random/types'
import { headDigest } from './head-digest'
import { ImageOrder } from './image-order'
import type { Checkpoint, TrainRequest } from './protocol'
import type { TrainingImage, TrainingView } from './training-set'

/** Every rollback makes the learning rate this much smaller. */
const rateFactor = 0.1

/**
 * Digest of everything a run depends on. A checkpoint of a run with another key would go on from what never was:
 * labels, settings, features or the head it starts from changed meanwhile.
 */
export async function runKey(
  { examples, categories, settings, seed, initial }: TrainRequest,
  projectionId: string,
  recipe: object,
): Promise<string> {
  // Computed here, as heads of earlier versions were stored without it.
  const from = initial && [initial.categories, await headDigest(initial.weights)]
  const inputs = [examples, categories, settings, seed, projectionId, recipe, from]
  return hashHex(JSON.stringify(inputs), 4)
}

/**
 * What changes from step to step. Each step draws from a random stream of its own, derived from the seed and the
 * step's number, so that this is all there is to restore.
 */
export class RunState {
  /** Steps taken. */
  step = 0
  /** Times the run was rolled back because it diverged. */
  rollbacks = 0
  imagesPerStep: number
  readonly parameters: Float32Array
  readonly optimizer: AdamWState
  /** Of every step taken. */
  losses: number[] = []
  readonly #order: ImageOrder
  readonly #images: readonly TrainingImage[]

  constructor(
    parameters: Float32Array,
    images: readonly TrainingImage[],
    imagesPerStep: number,
    order: RandomSource,
  ) {
    this.parameters = parameters
    this.optimizer = createAdamW(parameters.length)
    this.imagesPerStep = imagesPerStep
    this.#images = images
    this.#order = new ImageOrder(images.length, order)
  }

  get #views(): TrainingView[] {
    return this.#images.flatMap(({ views }) => views)
  }

  /** Factor of the learning rate. */
  get rateScale(): number {
    return rateFactor ** this.rollbacks
  }

  /** Different images, in the run's order; all when there are fewer. */
  nextImages(count: number): TrainingImage[] {
    return this.#order.next(count).flatMap((position) => this.#images[position] ?? [])
  }

  /** False once a weight is infinite or not a number, which a loss may hide for a while. */
  get sound(): boolean {
    return this.parameters.every(Number.isFinite)
  }

  /** A copy; later steps do not change it. */
  checkpoint(key: string, seconds: number): Checkpoint {
    return {
      key,
      step: this.step,
      seconds,
      rollbacks: this.rollbacks,
      imagesPerStep: this.imagesPerStep,
      parameters: this.parameters.slice(),
      mean: this.optimizer.mean.slice(),
      square: this.optimizer.square.slice(),
      updates: this.optimizer.step,
      order: this.#order.state,
      hardNegatives: this.#views.map(({ hardNegatives }) => hardNegatives),
      losses: [...this.losses],
    }
  }

  /** Takes everything from a checkpoint of the same run. */
  restore(checkpoint: Checkpoint): void {
    this.step = checkpoint.step
    this.rollbacks = checkpoint.rollbacks
    this.imagesPerStep = checkpoint.imagesPerStep
    this.parameters.set(checkpoint.parameters)
    this.optimizer.mean.set(checkpoint.mean)
    this.optimizer.square.set(checkpoint.square)
    this.optimizer.step = checkpoint.updates
    this.#order.state = checkpoint.order
    this.#views.forEach((view, index) => {
      view.hardNegatives = checkpoint.hardNegatives[index] ?? new Int32Array(0)
    })
    this.losses = [...checkpoint.losses]
  }
}

/** Steps the loss is averaged over before it is judged: single batches differ too much. */
const judgedSteps = 10
/** A loss this many times that of the fresh head is no bad batch any more. */
const largestGrowth = 10

/**
 * True when the loss of a step is not a number, or the mean over it and the steps before is far above the fresh head's.
 * @param losses of the steps before
 */
export function isDiverging(losses: readonly number[], loss: number): boolean {
  const latest = [...losses.slice(1 - judgedSteps), loss]
  const mean = latest.reduce((sum, value) => sum + value, 0) / latest.length
  const fresh = losses[0] ?? loss
  return !(mean <= largestGrowth * fresh)
}
