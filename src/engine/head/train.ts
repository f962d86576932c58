import type { ImageId } from '../../core/dataset/types'
import { applyAdamW, cosineSchedule } from '../../core/detection/optimizer'
import { trainingSchedule } from '../../core/detection/schedule'
import type { SampleLimits } from '../../core/detection/sampling'
import { seededRandom } from '../../core/random/seeded'
import type { RandomSource } from '../../core/random/types'
import type { HandlerContext } from '../../rpc/types'
import { RunState, runKey } from './checkpoint'
import { rawOutputs, uploadMapHead } from './committee-outputs'
import { DropoutTable } from './dropout'
import type { FeatureStore } from '../features/feature-store'
import { headGradient, type HeadGradient } from './gradient'
import { hardestBackground } from './hard-negatives'
import * as tf from '@tensorflow/tfjs-core'
import { initialParameters, packHead, type HeadShape } from './head'
import { headDigest } from './head-digest'
import { isOutOfMemory } from '../device/out-of-memory'
import { Pacer } from '../device/pacing'
import type { TrainEvent, TrainRequest, TrainedHead } from './protocol'
import { runSteps, type SteppedRun } from './run-steps'
import {
  createSharedBatch,
  createTrainingSet,
  meanRawDistances,
  type TrainingImage,
  type TrainingView,
} from './training-set'
import { shareImages } from './shares'
import { startingParameters } from './warm-start'

/** How a head is trained, beside what the user may set. */
export interface TrainingRecipe {
  /** Images a step draws, to be divided among the members of the committee; a lone head takes all. */
  readonly imagesPerStep: number
  /**
   * Members that train on an image of a step, on average, so that a step costs a committee little more than a lone
   * head. Small shares of their own also keep members from learning few images by heart, and make them differ.
   */
  readonly membersPerImage: number
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
  /** Seconds between two checkpoints that are reported: what a crash may cost. */
  readonly checkpointSeconds: number
}

export const defaultRecipe: TrainingRecipe = {
  imagesPerStep: 12,
  membersPerImage: 1.25,
  cellLimits: { positives: 80, hardNegatives: 40, randomNegatives: 60 },
  warmUpSteps: 20,
  weightDecay: 1e-4,
  dropoutRate: 0.1,
  featureNoise: 0.1,
  hardNegativeInterval: 60,
  searchedImages: 64,
  checkpointSeconds: 3,
}

/**
 * Trains a committee on cached features; deterministic for a seed on one backend, whether it runs in one go or goes on
 * from a checkpoint. A diverging run is rolled back and goes on with a tenth of the rate; when memory runs out, the
 * steps are halved; both are reported.
 * @throws Error when the request cannot be trained on or the loss diverges at any rate; the signal's reason when
 *   cancelled.
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
  const fresh = initialParameters(shape, meanRawDistances(images), random.fork('weights'))
  const state = new RunState(
    startingParameters(request, shape, projectionId, fresh),
    images,
    recipe.imagesPerStep,
    random.fork('order'),
  )
  const { positives, hardNegatives, randomNegatives } = recipe.cellLimits
  const imagesPerMember = (imagesPerStep: number): number =>
    Math.ceil((imagesPerStep * recipe.membersPerImage) / shape.members)
  const mostImages = shape.members * imagesPerMember(recipe.imagesPerStep)
  const mostCells = mostImages * (positives + hardNegatives + randomNegatives)
  const dropout = new DropoutTable(
    recipe.dropoutRate,
    shape.hidden * mostCells,
    random.fork('dropout'),
  )
  const key = await runKey(request, projectionId, recipe)
  const { checkpoint } = request
  if (checkpoint?.key === key) {
    state.restore(checkpoint)
    emit({ kind: 'resumed', step: state.step })
  }
  const pacer = new Pacer(signal)
  const secondsBefore = checkpoint?.key === key ? checkpoint.seconds : 0
  const { steps, headSteps, peakRate } = trainingSchedule(settings)

  /** Loss and gradient of the next step, on fewer images when there is no memory for all. */
  const nextGradient = async (): Promise<HeadGradient> => {
    const own = random.fork(`step ${state.step}`)
    const drawn = state.nextImages(state.imagesPerStep)
    for (;;) {
      const shares = shareImages(
        drawn.slice(0, state.imagesPerStep),
        shape.members,
        imagesPerMember(state.imagesPerStep),
        () => own.fork('stand-ins').shuffle(images),
      )
      const views = own.fork('views')
      const batch = createSharedBatch(
        shares.map((images) => drawViewOfEach(images, views)),
        recipe.cellLimits,
        recipe.featureNoise,
        own.fork('cells'),
      )
      const factors = dropout.take(batch.cellCount * shape.hidden, own.fork('dropout'))
      try {
        return await headGradient(shape, state.parameters, batch, factors)
      } catch (error) {
        const used = Math.min(state.imagesPerStep, drawn.length)
        if (!isOutOfMemory(error) || used <= 1) throw error
        state.imagesPerStep = used >> 1
        emit({ kind: 'batch-halved', step: state.step, imagesPerStep: state.imagesPerStep })
      }
    }
  }

  emit({ kind: 'phase', phase: 'training' })
  const run: SteppedRun = {
    state,
    key,
    last: headSteps,
    steps,
    peakRate,
    checkpointSeconds: recipe.checkpointSeconds,
    async gradient() {
      if (state.step > 0 && state.step % recipe.hardNegativeInterval === 0) {
        await refreshHardNegatives(
          drawViewOfEach(
            state.nextImages(recipe.searchedImages),
            random.fork(`search ${state.step}`),
          ),
          shape,
          state.parameters,
          recipe.cellLimits.hardNegatives,
          pacer,
        )
      }
      return nextGradient()
    },
    update(gradient) {
      const peak = peakRate * state.rateScale
      const rate = cosineSchedule(peak, state.step, headSteps, recipe.warmUpSteps)
      applyAdamW(state.optimizer, state.parameters, gradient, rate, recipe.weightDecay)
    },
  }
  await runSteps(run, pacer, emit, secondsBefore)
  emit({ kind: 'phase', phase: 'finishing' })
  const weights = packHead(shape, state.parameters)
  const digest = await headDigest(weights)
  // A head that the training started from may have seen any image.
  const heldOut = request.initial === undefined ? heldOutImages(images, shape.members) : undefined
  return {
    categories,
    settings,
    channels: shape.channels,
    projectionId,
    weights,
    digest,
    ...(heldOut !== undefined && { heldOut }),
  }
}

/** The images that each member never saw; undefined when each saw all. */
function heldOutImages(images: readonly TrainingImage[], members: number): ImageId[][] | undefined {
  if (images.every(({ unseenBy }) => unseenBy === undefined)) return undefined
  return Array.from({ length: members }, (_, member) =>
    images
      .filter(({ unseenBy }) => unseenBy === member)
      .map(({ features: { imageId } }) => imageId),
  )
}

/** One view of each image, every one as likely. */
function drawViewOfEach(images: readonly TrainingImage[], random: RandomSource): TrainingView[] {
  return images.map(({ views }) => views[random.integer(views.length)] ?? views[0])
}

/**
 * Marks the background cells to which a member gives the highest probability of any class. The members take turns, as
 * asking all for every image would cost more than the steps in between.
 */
async function refreshHardNegatives(
  views: readonly TrainingView[],
  shape: HeadShape,
  parameters: Float32Array,
  limit: number,
  pacer: Pacer,
): Promise<void> {
  const head = uploadMapHead(shape, parameters, views[0]?.features.levels ?? [])
  try {
    for (const [position, view] of views.entries()) {
      await pacer.breathe()
      const member = position % head.length
      const values = await rawOutputs(head.slice(member, member + 1), view.features)
      const lone = { ...shape, members: 1 }
      view.hardNegatives = hardestBackground(values, lone, view.targets, limit)
    }
  } finally {
    tf.dispose(head)
  }
}
