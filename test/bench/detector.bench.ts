/**
 * Accuracy and speed of the head on frozen features.
 * Options: data (blood-cells), labels (40; `all` = the whole pool), seeds (1), backend (measured), and any number of
 * ModelSettings, for example steps=200.
 */
import { defaultModelSettings } from '../../src/core/detection/settings'
import { createEngineClient } from '../../src/engine/client'
import type { BackendName } from '../../src/engine/protocol'
import { seededRandom } from '../../src/core/random/seeded'
import { loadDataset, splitDataset } from './dataset'

export async function run(
  options: Record<string, string>,
  report: (text: string) => void,
): Promise<Record<string, unknown>[]> {
  const { data = 'blood-cells', labels = '40', seeds = '1', backend, ...rest } = options
  const overrides = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, Number(value)]),
  )
  const settings = { ...defaultModelSettings, ...overrides }
  const dataset = await loadDataset(data)
  const { categories, categoryNames, images } = dataset
  const { test, pool } = splitDataset(images, 1)
  const truth = new Map(images.map((image) => [image.imageId, image.truth]))
  const engine = createEngineClient()
  const rows: Record<string, unknown>[] = []
  try {
    const baseUrl = new URL('/', location.href).href
    const info = await engine.call(
      'start',
      backend === undefined ? { baseUrl } : { baseUrl, backend: backend as BackendName },
    )
    report(JSON.stringify(info))
    let start = performance.now()
    const seconds = (): number => {
      const now = performance.now()
      const passed = (now - start) / 1000
      start = now
      return Math.round(passed * 100) / 100
    }
    const projection = await engine.call('fitProjection', {
      images: pool,
      inputSize: settings.inputSize,
      seed: 1,
    })
    report(`projection fitted in ${seconds()} s`)
    await engine.call('embed', { images, projection })
    const embedSeconds = seconds()
    report(`${images.length} images embedded in ${embedSeconds} s`)

    for (let seed = 1; seed <= Number(seeds); seed++) {
      const order = seededRandom(seed).fork('labels').shuffle(pool)
      const labeled = labels === 'all' ? order : order.slice(0, Number(labels))
      seconds()
      let lastLoss = 0
      const head = await engine.call(
        'train',
        {
          examples: labeled.map(({ imageId, truth: boxes }) => ({ imageId, boxes })),
          categories,
          settings,
          seed,
        },
        {
          onEvent: (event) => {
            if (event.kind === 'step') lastLoss = event.loss
          },
        },
      )
      const trainSeconds = seconds()
      const predictions = await engine.call('predict', {
        head,
        imageIds: test.map(({ imageId }) => imageId),
      })
      const predictSeconds = seconds()
      const { metrics, perCategory } = await engine.call('evaluate', {
        images: predictions.map(({ imageId, detections }) => ({
          imageId,
          truth: truth.get(imageId) ?? [],
          detections,
        })),
        categories,
      })
      const classes = perCategory.map(({ ap50 }, index) => [categoryNames[index], ap50?.toFixed(3)])
      rows.push({
        data,
        seed,
        images: labeled.length,
        ap50: metrics.ap50?.toFixed(4),
        ap: metrics.ap?.toFixed(4),
        ...Object.fromEntries(classes),
        trainSeconds,
        predictSeconds,
        embedSeconds,
        loss: lastLoss.toFixed(3),
        backend: info.backend,
      })
    }
  } finally {
    engine.close()
  }
  return rows
}
