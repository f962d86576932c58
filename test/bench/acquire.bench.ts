/**
 * A query of the pool with cached features, strategy by strategy, as the app asks for it after a training: nothing is
 * known of the images yet but their features (and, for the first figure, what was predicted).
 */
import { strategies } from '../../src/core/acquisition/registry'
import { defaultRoundSettings } from '../../src/core/notebook/default-settings'
import { createEngineClient } from '../../src/engine/client'
import type { EngineMethods } from '../../src/engine/protocol'
import type { TrainedHead } from '../../src/engine/head/protocol'
import { plain, type BenchOptions, type BenchResult, type Figure } from './figure'
import { renamed, trainOnPool } from './trained-pool'

const labeledImages = 40

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const client = createEngineClient()
  try {
    const { engine, categories, pool, projection, head } = await trainOnPool(
      client,
      options,
      labeledImages,
    )
    const labeled = pool.slice(0, labeledImages)
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
        categories,
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
    await measure('entropy', 'warm-up', renamed(head, 'warm-up'))
    figures.length = 0
    const known = renamed(head, 'known')
    await client.call('predict', { head: known, imageIds: pool.map(({ imageId }) => imageId) })
    await measure('entropy', 'entropy-after-predict', known)
    for (const { id } of strategies) await measure(id, id, renamed(head, id))
    return { engine, figures }
  } finally {
    client.close()
  }
}
