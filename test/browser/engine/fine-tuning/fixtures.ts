import type { ModelSettings, TrainingDepth } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import type { Backbone } from '../../../../src/engine/backbone/backbone'
import { embedImages, fitProjection } from '../../../../src/engine/features/embed'
import { FeatureStore } from '../../../../src/engine/features/feature-store'
import { trainDetector } from '../../../../src/engine/fine-tuning/train-detector'
import { defaultTuningRecipe } from '../../../../src/engine/fine-tuning/recipe'
import { joinedChannels } from '../../../../src/engine/backbone/joined-features'
import { joinProjection } from '../../../../src/engine/features/projection-levels'
import type { EmbedEvent, Projection } from '../../../../src/engine/features/protocol'
import type { TrainEvent, TrainRequest } from '../../../../src/engine/head/protocol'
import { defaultRecipe } from '../../../../src/engine/head/train'
import { disc, drawScene, recordingContext, square, type DrawnImage } from '../fixtures'

export const baseUrl = new URL('/', location.href).href

/** A few drawn scenes with their features, ready to be trained on at any depth. */
export interface TinySet {
  readonly scenes: readonly DrawnImage[]
  readonly projection: Projection
  readonly store: FeatureStore
}

export const tinySettings: ModelSettings = {
  inputSize: 96,
  committee: 2,
  steps: 30,
  hidden: 16,
  learningRate: 0.01,
  start: 'scratch',
  depth: 'head',
  views: 0,
}

/** As the app's, with steps of two images. */
export const tinyRecipes = {
  head: { ...defaultRecipe, imagesPerStep: 2, hardNegativeInterval: 10 },
  tuning: { ...defaultTuningRecipe, imagesPerStep: 2, warmUpSteps: 8 },
}

/** The same images again and again without any noise, so that losses can be compared. */
export const stillRecipes = {
  head: { ...tinyRecipes.head, featureNoise: 0, dropoutRate: 0 },
  tuning: {
    ...tinyRecipes.tuning,
    dropoutRate: 0,
    rates: { head: 1, projection: 0.05, decoder: 0.1, trunk: 0.03 },
    views: { mirror: false, zoom: 1, shift: 0, brightness: 0, colour: 0 },
  },
}

export async function makeTinySet(backbone: Backbone, sceneCount: number): Promise<TinySet> {
  const { inputSize } = tinySettings
  const scenes = await Promise.all(
    Array.from({ length: sceneCount }, (_, index) => drawScene(index)),
  )
  const store = new FeatureStore()
  const projection = await fitProjection(
    backbone,
    { images: scenes, inputSize, seed: 3 },
    recordingContext().context,
  )
  await embedImages(
    backbone,
    store,
    { images: scenes, projection },
    recordingContext<EmbedEvent>().context,
  )
  return { scenes, projection, store }
}

export function tinyRequest(
  { scenes, projection }: TinySet,
  depth: TrainingDepth,
  settings: Partial<ModelSettings> = {},
): TrainRequest {
  return {
    examples: scenes.map(({ imageId, boxes }) => ({ imageId, boxes })),
    categories: [disc, square],
    settings: { ...tinySettings, ...settings, depth },
    seed: 5,
    ...(depth !== 'head' && { tuning: { images: scenes, projection } }),
  }
}

export async function trainTiny(
  backbone: Backbone,
  set: TinySet,
  request: TrainRequest,
  recipes = tinyRecipes,
) {
  const { context, events } = recordingContext<TrainEvent>()
  const head = await trainDetector(backbone, request, set.store, context, recipes)
  const losses = events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []))
  return { head, events, losses }
}

/** A projection that was fitted to nothing. */
export function randomProjection(backbone: Backbone, inputSize: number): Projection {
  const random = seededRandom(8)
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, () => 0.05 * random.normal())
  const parts = backbone.levels.map((level) => ({
    level,
    kernels: level.channels.map((channels) => numbers(channels * level.components)),
    offset: numbers(level.components),
  }))
  const { matrix, offset } = joinProjection(parts)
  return {
    inputSize,
    inputChannels: joinedChannels(backbone),
    outputChannels: offset.length,
    matrix,
    offset,
    id: 'random',
    backboneId: backbone.id,
  }
}
