/**
 * A query of the pool with cached features, strategy by strategy, as the app asks for it after a training: nothing is
 * known of the images yet but their features (and, for the first figure, what was predicted).
 */
import { fetchCocoFolder, splitQuarter } from '../../src/cli/coco-folder'
import { strategies } from '../../src/core/acquisition/registry'
import { defaultModelSettings } from '../../src/core/detection/settings'
import { defaultRoundSettings } from '../../src/core/notebook/settings'
import { createEngineClient } from '../../src/engine/client'
import type { EngineMethods, TrainedHead } from '../../src/engine/protocol'
import { plain, type BenchOptions, type BenchResult, type Figure } from './figure'

const labeledImages = 40

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
    await client.call('embed', { images: pool, projection })
    const labeled = pool.slice(0, labeledImages)
    const examples = labeled.map(({ imageId, truth }) => ({ imageId, boxes: truth }))
    const head = await client.call('train', { examples, categories, settings, seed: 1 })
    const unlabeled = pool.slice(labeledImages)
    const mirror = { images: unlabeled, projection }
    const figures: Figure[] = []
    const measure = async (strategyId: string, name: string, own: TrainedHead): Promise<void> => {
      const { batchSize, seed } = defaultRoundSettings
      const params: EngineMethods['acquire']['params'] = {
        head: own,
        strategyId,
        parameters: {},
        batchSize,
        seed,
        rounds: 1,
        unlabeled: unlabeled.map(({ imageId }) => ({ imageId, key: imageId })),
        labeled: labeled.map(({ imageId, truth }) => ({ imageId, key: imageId, truth })),
        categories: dataset.categories,
        cost: { secondsPerImage: 7, secondsPerBox: 7 },
        mirror,
      }
      const begin = performance.now()
      const { picks } = await client.call('acquire', params)
      const seconds = (performance.now() - begin) / 1000
      if (picks.length !== batchSize) throw new Error(`${picks.length} images were chosen.`)
      report(`${name}, ${unlabeled.length} images of ${pool.length}: ${seconds.toFixed(2)} s`)
      figures.push(plain(`acquire-seconds-${name}`, seconds, 's'))
    }
    await measure('entropy', 'warm-up', named(head, 'warm-up'))
    figures.length = 0
    const known = named(head, 'known')
    await client.call('predict', { head: known, imageIds: pool.map(({ imageId }) => imageId) })
    await measure('entropy', 'entropy-after-predict', known)
    for (const { id } of strategies) await measure(id, id, named(head, id))
    return { engine, figures }
  } finally {
    client.close()
  }
}

/** The head under another name: what is known of the images with the one before is no longer of use. */
function named(head: TrainedHead, name: string): TrainedHead {
  const weights = head.weights.map((weight) => ({ ...weight, name: `${name}/${weight.name}` }))
  return { ...head, weights }
}
