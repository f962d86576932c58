/**
 * Scoring and ranking a pool of 1,000 images with cached features, and of 2,000, as the app does it after a reload: the
 * worker looks at every image, the default strategy scores and chooses. The images are those of the data set over and
 * over, under names of their own. The smaller pool is ranked before and after the larger, so that a drift cancels out.
 */
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import { defaultRoundSettings } from '../../src/core/notebook/default-settings'
import { createEngineClient } from '../../src/engine/client'
import type { TrainedHead } from '../../src/engine/head/protocol'
import { atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'
import { renamed, trainOnPool, type EngineClient } from './trained-pool'

const labeled = 40
const poolSize = 1000

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const client = createEngineClient()
  try {
    const trained = await trainOnPool(client, options, labeled)
    const { engine, categories, projection, head, features } = trained
    const imageIds = Array.from({ length: 2 * poolSize }, (_, index) => `copy-${index}` as ImageId)
    await client.call('holdFeatures', { imageIds, projectionId: projection.id })
    for (const [index, imageId] of imageIds.entries()) {
      const original = features[index % features.length]
      if (original === undefined) throw new Error('No image of the pool could be embedded.')
      await client.call('loadFeatures', { features: [{ ...original, imageId }] })
    }
    const small = imageIds.slice(0, poolSize)
    await rank(client, head, 'warm-up', small.slice(0, 100), categories)
    const before = await rank(client, head, 'before', small, categories)
    report(`${poolSize} images: ${before.toFixed(2)} s`)
    const double = await rank(client, head, 'double', imageIds, categories)
    report(`${2 * poolSize} images: ${double.toFixed(2)} s`)
    const after = await rank(client, head, 'after', small, categories)
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

/** Seconds to look at these images, score and rank them. @param name of a model that nothing is known of yet */
async function rank(
  client: EngineClient,
  head: TrainedHead,
  name: string,
  imageIds: readonly ImageId[],
  categories: readonly { readonly id: CategoryId; readonly name: string }[],
): Promise<number> {
  const { strategyId, parameters, batchSize, seed } = defaultRoundSettings
  const query = { head: renamed(head, name), strategyId }
  const begin = performance.now()
  await client.call('gather', { ...query, imageIds })
  const { picks } = await client.call('acquire', {
    ...query,
    parameters,
    batchSize,
    seed,
    rounds: 1,
    unlabeled: imageIds.map((imageId) => ({ imageId, key: imageId })),
    labeled: [],
    categories,
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
  })
  if (picks.length !== batchSize) throw new Error(`${picks.length} images were chosen.`)
  return (performance.now() - begin) / 1000
}
