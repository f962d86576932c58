import { fetchCocoFolder, splitQuarter, type LabeledImage } from '../../src/cli/coco-folder'
import type { CategoryId } from '../../src/core/dataset/types'
import { defaultModelSettings } from '../../src/core/detection/model-settings'
import { viewsPerImage } from '../../src/core/detection/view'
import type { ImageDetections, ModelSettings } from '../../src/core/detection/types'
import { evaluateDetections } from '../../src/core/evaluation/evaluate'
import { seededRandom } from '../../src/core/random/seeded'
import type { Backbone } from '../../src/engine/backbone/backbone'
import { chooseBackend } from '../../src/engine/device/backends'
import { loadCenterNet } from '../../src/engine/backbone/centernet'
import { embedImages, fitProjection } from '../../src/engine/features/embed'
import { FeatureStore } from '../../src/engine/features/feature-store'
import { defaultMinScore, Predictor } from '../../src/engine/head/predict'
import type { EngineInfo } from '../../src/engine/device/protocol'
import type { Projection } from '../../src/engine/features/protocol'
import type { TrainRequest, TrainedHead } from '../../src/engine/head/protocol'
import type { BenchOptions } from './figure'

/** Labelled images and a test split with their features cached, in this thread, on the backend that is measured to be the fastest. */
export interface CachedSet {
  readonly engine: EngineInfo
  readonly settings: ModelSettings
  readonly categories: readonly CategoryId[]
  readonly labeled: readonly LabeledImage[]
  readonly test: readonly LabeledImage[]
  readonly store: FeatureStore
}

/** A handler's context for calls that nobody cancels or follows. */
export function quietContext() {
  return { signal: new AbortController().signal, emit: () => undefined }
}

/**
 * Draws `labeledCount` pool images at random, as DetectorTrial does for seed 1, and embeds them and the test quarter.
 * @param also what else to make of the images while the backbone is there
 * @throws Error when the pool is smaller
 */
export async function cacheFeatures(
  { folderUrl, splitSeed, settings: changes }: BenchOptions,
  labeledCount: number,
  report: (text: string) => void,
  also: (
    backbone: Backbone,
    projection: Projection,
    images: readonly LabeledImage[],
  ) => Promise<void> = () => Promise.resolve(),
): Promise<CachedSet> {
  const settings = { ...defaultModelSettings, ...changes }
  const engine = await chooseBackend(undefined, () => undefined)
  const backbone = await loadCenterNet(new URL('/', location.href).href)
  const { images, categories } = await fetchCocoFolder(folderUrl)
  const { test, pool } = splitQuarter(images, splitSeed)
  if (labeledCount > pool.length)
    throw new RangeError(`The pool holds ${pool.length} images; ${labeledCount} are needed.`)
  const labeled = seededRandom(1).fork('labels').shuffle(pool).slice(0, labeledCount)
  const store = new FeatureStore()
  const { inputSize } = settings
  const projection = await fitProjection(
    backbone,
    { images: pool, inputSize, seed: 1 },
    quietContext(),
  )
  const views = viewsPerImage(settings.views, labeled.length)
  await embedImages(backbone, store, { images: labeled, projection, views }, quietContext())
  await embedImages(backbone, store, { images: test, projection }, quietContext())
  await also(backbone, projection, [...labeled, ...test])
  backbone.dispose()
  report(
    `backend ${engine.backend}; ${labeled.length} labelled images, ${test.length} to test, all cached`,
  )
  return { engine, settings, categories: categories.map(({ id }) => id), labeled, test, store }
}

/** Training on every labelled image of the set. */
export function trainRequest(
  { labeled, categories, settings }: CachedSet,
  changes: Partial<ModelSettings>,
  seed: number,
): TrainRequest {
  return {
    examples: labeled.map(({ imageId, truth }) => ({ imageId, boxes: truth })),
    categories,
    settings: { ...settings, ...changes },
    seed,
  }
}

/** AP50 of a head on the test split. */
export async function testAp50(set: CachedSet, head: TrainedHead): Promise<number> {
  const predictor = new Predictor(head)
  try {
    const found: ImageDetections[] = []
    for (const { imageId } of set.test)
      found.push(await predictor.predict(set.store.get(imageId), defaultMinScore))
    return ap50Of(set, found)
  } finally {
    predictor.dispose()
  }
}

/** AP50 of detections of the test split, in its order. */
export function ap50Of({ test, categories }: CachedSet, found: readonly ImageDetections[]): number {
  const images = test.map(({ imageId, truth }, index) => ({
    imageId,
    truth,
    detections: found[index]?.detections ?? [],
  }))
  return evaluateDetections(images, categories).metrics.ap50 ?? NaN
}
