import { applyAdamWByGroup, cosineSchedule } from '../../core/detection/optimizer'
import { trainingSchedule } from '../../core/detection/schedule'
import type { ModelSettings } from '../../core/detection/types'
import { seededRandom } from '../../core/random/seeded'
import type { HandlerContext } from '../../rpc/types'
import type { Backbone } from '../backbone/backbone'
import { runKey, RunState } from '../head/checkpoint'
import { headLayout, packHead, type HeadShape } from '../head/head'
import { headDigest } from '../head/head-digest'
import { isOutOfMemory } from '../device/out-of-memory'
import { Pacer } from '../device/pacing'
import type { Projection } from '../features/protocol'
import type { TrainEvent, TrainRequest, TrainedHead, TuningInputs } from '../head/protocol'
import { runSteps, type StepResult } from '../head/run-steps'
import type { TrainingSet } from '../head/training-set'
import { packProjection, parameterBlocks, startingVector } from './parameters'
import type { TuningRecipe } from './recipe'
import { TrainableNetwork, type CellJudge } from './trainable-network'
import { ViewDrawer } from './view-drawer'
import { ViewJudge } from './view-judge'
import { ViewSource } from './view-source'

/** Where fine-tuning starts. */
export interface TuningStart {
  /** The projection, and the network with it. */
  readonly projection: Projection
  /** The head's parameters, trained on features of that projection; undefined where a checkpoint has newer ones. */
  readonly head: Float32Array | undefined
  /** Losses of the steps before, and the time they took. */
  readonly losses: readonly number[]
  readonly seconds: number
}

/** Names a fine-tuning; a checkpoint with this key is one of its own. */
export function tuningKey(
  request: TrainRequest,
  { projectionId }: TrainingSet,
  recipe: TuningRecipe,
): Promise<string> {
  return runKey(request, projectionId, { tuning: recipe })
}

/**
 * Trains head, projection and network together, on views of the images themselves. Deterministic for a seed on one
 * backend, whether it runs in one go or goes on from a checkpoint. Each image is computed alone, as the network takes
 * one at a time, and counts in the step's gradient by its number of objects, as in a batch of cells.
 * @throws Error when an image cannot be decoded or the loss diverges at any rate; the signal's reason when cancelled
 */
export async function fineTune(
  backbone: Backbone,
  request: TrainRequest & { readonly tuning: TuningInputs },
  set: TrainingSet,
  shape: HeadShape,
  start: TuningStart,
  { signal, emit }: HandlerContext<TrainEvent>,
  recipe: TuningRecipe,
): Promise<TrainedHead> {
  const { settings, categories, seed, checkpoint, tuning } = request
  emit({ kind: 'phase', phase: 'tuning' })
  const { inputSize, depth } = settings
  const { steps, headSteps, peakRate } = trainingSchedule(settings)
  const headSize = headLayout(shape).size
  const blocks = parameterBlocks(backbone, depth, headSize)
  const random = seededRandom(seed).fork('tuning')
  const { projection, head = new Float32Array(headSize) } = start
  const vector = await startingVector(backbone, blocks, head, projection)
  const scales = blocks.map(({ part, start: from, end }) =>
    part === 'head' ? 1 : rootMeanSquare(vector.subarray(from, end)),
  )
  const state = new RunState(vector, set.images, recipe.imagesPerStep, random.fork('order'))
  state.step = headSteps
  state.losses = [...start.losses]
  const key = await tuningKey(request, set, recipe)
  let { seconds } = start
  if (checkpoint?.key === key) {
    state.restore(checkpoint)
    seconds = checkpoint.seconds
    emit({ kind: 'resumed', step: state.step })
  }
  const drawer = new ViewDrawer(request, recipe, random)
  const judge = new ViewJudge(shape, recipe, random)
  const network = new TrainableNetwork(backbone, inputSize, blocks)
  const pacer = new Pacer(signal)

  const gradient = async (): Promise<StepResult> => {
    network.load(state.parameters)
    const drawn = drawer.draw(state.step, state.nextImages(recipe.imagesPerStep))
    const objects = drawn.map(({ targets }) => Math.max(1, targets.objectCount))
    const all = objects.reduce((sum, count) => sum + count, 0)
    const total = new Float32Array(state.parameters.length)
    let loss = 0
    let index = 0
    for await (const input of source.inputs(drawn)) {
      await pacer.breathe()
      const image = drawn[index]
      if (image === undefined) break
      const weight = (objects[index] ?? 0) / all
      index += 1
      const work: CellJudge = (features) =>
        judge.judge(features, image, state.parameters, (found, headGradient) => {
          loss += weight * found
          headGradient.forEach((value, at) => (total[at] = (total[at] ?? 0) + weight * value))
        })
      await network.addGradient(input, work, weight, total).catch((error: unknown) => {
        throw withAdvice(error, settings)
      })
    }
    return { loss, gradient: total }
  }
  const update = (slopes: Float32Array): void => {
    const done = state.step - headSteps
    const peak = peakRate * state.rateScale
    const rate = cosineSchedule(peak, done, steps - headSteps, recipe.warmUpSteps)
    const groups = blocks.map(({ part, isKernel, start: from, end }, index) => ({
      start: from,
      end,
      learningRate: rate * recipe.rates[part] * (scales[index] ?? 0),
      weightDecay: isKernel ? recipe.weightDecay : 0,
    }))
    applyAdamWByGroup(state.optimizer, state.parameters, slopes, groups)
  }

  const source = new ViewSource(network, inputSize, tuning.images, depth, recipe.keptBytes)
  const { checkpointSeconds } = recipe
  try {
    const run = { state, key, last: steps, steps, peakRate, checkpointSeconds, gradient, update }
    await runSteps(run, pacer, emit, seconds)
  } finally {
    network.dispose()
  }
  emit({ kind: 'phase', phase: 'finishing' })
  const tuned = await packProjection(backbone, blocks, state.parameters, projection)
  const weights = packHead(shape, state.parameters.slice(0, headSize))
  const digest = await headDigest([
    ...weights,
    {
      name: 'projection',
      shape: [tuned.inputChannels, tuned.outputChannels],
      values: tuned.matrix,
    },
    { name: 'offset', shape: [tuned.outputChannels], values: tuned.offset },
    ...(tuned.network ?? []),
  ])
  const { channels } = shape
  return { categories, settings, channels, projectionId: tuned.id, weights, tuned, digest }
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

/** What an error means here: an image is computed alone, so there is no batch to halve when memory runs out. */
function withAdvice(error: unknown, { inputSize, depth }: ModelSettings): unknown {
  if (!isOutOfMemory(error)) return error
  return new Error(
    `Memory ran out while the network was trained on one image of ${inputSize} pixels. Choose a smaller input size, or ` +
      `${depth === 'full' ? "the depth 'decoder' or 'head'" : "the depth 'head'"}; closing other tabs may help.`,
    { cause: error },
  )
}
