/**
 * Scoring and ranking a pool of 1,000 images with cached features, and of 2,000, as the app does it: detections from
 * the worker in parts, the default strategy, the choice of the batch. The images are those of the data set over and
 * over, under names of their own. The smaller pool is ranked before and after the larger, so that a drift cancels out.
 */
import { fetchCocoFolder, splitQuarter } from '../../src/cli/coco-folder'
import { strategyById } from '../../src/core/acquisition/registry'
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import { defaultModelSettings } from '../../src/core/detection/settings'
import type { ImageDetections } from '../../src/core/detection/types'
import { defaultRoundSettings } from '../../src/core/notebook/settings'
import { seededRandom } from '../../src/core/random/seeded'
import { createEngineClient } from '../../src/engine/client'
import type { EmbedEvent, FeatureMap, TrainedHead } from '../../src/engine/protocol'
import { atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 40
const poolSize = 1000
/** As many images as the app asks for in one call. */
const predictedAtATime = 16

type Client = ReturnType<typeof createEngineClient>

export async function run(
  { folderUrl, splitSeed, settings: changes }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  // Views make a better head, not a faster or slower one.
  const settings = { ...defaultModelSettings, ...changes, views: 0 }
  const { inputSize } = settings
  const dataset = await fetchCocoFolder(folderUrl)
  const { pool } = splitQuarter(dataset.images, splitSeed)
  const categories = dataset.categories.map(({ id }) => id)
  const client = createEngineClient()
  try {
    const engine = await client.call('start', { baseUrl: new URL('/', location.href).href })
    const projection = await client.call('fitProjection', { images: pool, inputSize, seed: 1 })
    const embedded: FeatureMap[] = []
    const onEvent = (event: EmbedEvent): void => {
      if (event.kind === 'embedded') embedded.push(event.features)
    }
    await client.call('embed', { images: pool, projection }, { onEvent })
    const examples = pool.slice(0, labeled).map(({ imageId, truth }) => ({ imageId, boxes: truth }))
    const head = await client.call('train', { examples, categories, settings, seed: 1 })

    const imageIds = Array.from({ length: 2 * poolSize }, (_, index) => `copy-${index}` as ImageId)
    await client.call('holdFeatures', { imageIds, projectionId: projection.id })
    for (const [index, imageId] of imageIds.entries()) {
      const features = embedded[index % embedded.length]
      if (features === undefined) throw new Error('No image of the pool could be embedded.')
      await client.call('loadFeatures', { features: [{ ...features, imageId }] })
    }
    const small = imageIds.slice(0, poolSize)
    await rank(client, head, small.slice(0, 100), categories)
    const before = await rank(client, head, small, categories)
    report(`${poolSize} images: ${before.toFixed(2)} s`)
    const double = await rank(client, head, imageIds, categories)
    report(`${2 * poolSize} images: ${double.toFixed(2)} s`)
    const after = await rank(client, head, small, categories)
    report(`${poolSize} images: ${after.toFixed(2)} s`)
    const single = mean([before, after])
    return {
      engine,
      figures: [
        atMost(`rank-seconds-${poolSize}`, single, 's', 10),
        plain(`rank-seconds-${2 * poolSize}`, double, 's'),
        atMost('rank-growth', double / single, 'x', 2.1),
      ],
    }
  } finally {
    client.close()
  }
}

/** Seconds to predict, score and rank these images. */
async function rank(
  client: Client,
  head: TrainedHead,
  imageIds: readonly ImageId[],
  categories: readonly CategoryId[],
): Promise<number> {
  const { strategyId, parameters, batchSize } = defaultRoundSettings
  const strategy = strategyById(strategyId)
  const begin = performance.now()
  const unlabeled: ImageDetections[] = []
  for (let start = 0; start < imageIds.length; start += predictedAtATime) {
    const part = imageIds.slice(start, start + predictedAtATime)
    unlabeled.push(...(await client.call('predict', { head, imageIds: part })))
  }
  const cost = { secondsPerImage: 7, secondsPerBox: 7 }
  const context = { unlabeled, labeled: [], categories, cost, rounds: 1 }
  const picks = strategy.select(context, batchSize, parameters, seededRandom(1))
  if (picks.length !== batchSize) throw new Error(`${picks.length} images were chosen.`)
  return (performance.now() - begin) / 1000
}
