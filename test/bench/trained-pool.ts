import { fetchCocoFolder, splitQuarter, type LabeledImage } from '../../src/cli/coco-folder'
import type { CategoryId } from '../../src/core/dataset/types'
import { defaultModelSettings } from '../../src/core/detection/model-settings'
import type { createEngineClient } from '../../src/engine/client'
import type { EngineInfo } from '../../src/engine/device/protocol'
import type { EmbedEvent, FeatureMap, Projection } from '../../src/engine/features/protocol'
import type { TrainedHead } from '../../src/engine/head/protocol'
import type { BenchOptions } from './figure'

export type EngineClient = ReturnType<typeof createEngineClient>

/** Images with their features in the worker's cache, and a head trained on the first of them. */
export interface TrainedPool {
  readonly engine: EngineInfo
  readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
  readonly pool: readonly LabeledImage[]
  readonly projection: Projection
  /** In the order of the pool. */
  readonly features: readonly FeatureMap[]
  readonly head: TrainedHead
}

/** Starts the worker, embeds the pool of a data set and trains on its first `labeledImages`. */
export async function trainOnPool(
  client: EngineClient,
  { folderUrl, splitSeed, settings: changes }: BenchOptions,
  labeledImages: number,
): Promise<TrainedPool> {
  // Views make a better head, not a faster or slower one.
  const settings = { ...defaultModelSettings, ...changes, views: 0 }
  const { inputSize } = settings
  const { images, categories } = await fetchCocoFolder(folderUrl)
  const { pool } = splitQuarter(images, splitSeed)
  const engine = await client.call('start', { baseUrl: new URL('/', location.href).href })
  const projection = await client.call('fitProjection', { images: pool, inputSize, seed: 1 })
  const features: FeatureMap[] = []
  const onEvent = (event: EmbedEvent): void => {
    if (event.kind === 'embedded') features.push(event.features)
  }
  await client.call('embed', { images: pool, projection }, { onEvent })
  const head = await client.call('train', {
    examples: pool.slice(0, labeledImages).map(({ imageId, truth }) => ({ imageId, boxes: truth })),
    categories: categories.map(({ id }) => id),
    settings,
    seed: 1,
  })
  return { engine, categories, pool, projection, features, head }
}

/**
 * The head under another name: what is known of images goes by a head's weights with their names, so nothing is known of
 * any with this one.
 */
export function renamed(head: TrainedHead, name: string): TrainedHead {
  const weights = head.weights.map((weight) => ({ ...weight, name: `${name}/${weight.name}` }))
  return { ...head, weights }
}
