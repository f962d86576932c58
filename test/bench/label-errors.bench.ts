/**
 * Suspected label errors: 5 % of the pool's boxes are deleted, 5 % displaced, 5 % given another class; a head is trained on
 * what came of it, every image is judged by the committee member that never saw it, and the suspects are held against
 * what was planted. Beside it the same figures for labels looked at in random order, which finds no deleted box at all.
 */
import { foldJudges } from '../../src/app/analysis/out-of-fold'
import { fetchCocoFolder, splitQuarter } from '../../src/cli/coco-folder'
import { defaultModelSettings } from '../../src/core/detection/model-settings'
import type { ImageDetections } from '../../src/core/detection/types'
import { viewsPerImage } from '../../src/core/detection/view'
import { findLabelErrors } from '../../src/core/label-errors/find'
import type { SuspectKind } from '../../src/core/label-errors/types'
import { seededRandom } from '../../src/core/random/seeded'
import { createEngineClient } from '../../src/engine/client'
import { plantLabelErrors, pointsAt } from '../helpers/plant-label-errors'
import { plain, type BenchOptions, type BenchResult, type Figure } from './figure'

const rate = 0.05
const top = 50
const kinds: readonly SuspectKind[] = ['overlooked', 'misplaced', 'swapped']

export async function run(
  { folderUrl, splitSeed, settings: changes }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const settings = { ...defaultModelSettings, ...changes }
  const dataset = await fetchCocoFolder(folderUrl)
  const categories = dataset.categories.map(({ id }) => id)
  const random = seededRandom(splitSeed).fork('label errors')
  const { pool } = splitQuarter(dataset.images, splitSeed)
  const { images, errors } = plantLabelErrors(pool, categories, rate, random)
  const client = createEngineClient()
  try {
    const engine = await client.call('start', { baseUrl: new URL('/', location.href).href })
    const { inputSize } = settings
    const projection = await client.call('fitProjection', { images, inputSize, seed: 1 })
    const imageIds = images.map(({ imageId }) => imageId)
    const views = viewsPerImage(settings.views, images.length)
    await client.call('holdFeatures', { imageIds, projectionId: projection.id, views })
    await client.call('embed', { images, projection, views })
    report(`${images.length} images embedded; ${errors.length} label errors planted`)
    const examples = images.map(({ imageId, truth }) => ({ imageId, boxes: truth }))
    const head = await client.call('train', { examples, categories, settings, seed: 1 })
    const judged = new Map<string, ImageDetections['detections']>()
    for (const judge of foldJudges(head)) {
      for (const { imageId, detections } of await client.call('predict', judge))
        judged.set(imageId, detections)
    }
    const suspects = findLabelErrors(
      images.map(({ imageId, truth }) => ({
        imageId,
        truth,
        detections: judged.get(imageId) ?? [],
      })),
      categories,
    )
    const hits = suspects.map((suspect) => errors.filter((error) => pointsAt(suspect, error)))
    /** Of the first suspects, of one kind or of any. */
    const precision = (kind?: SuspectKind): number => {
      const own = hits.filter((_, index) => kind === undefined || suspects[index]?.kind === kind)
      return own.slice(0, top).filter(({ length }) => length > 0).length / top
    }
    const recall = (within: number, kind?: SuspectKind): number => {
      const found = new Set(hits.slice(0, within).flat())
      const wanted = errors.filter((error) => kind === undefined || error.kind === kind)
      return wanted.filter((error) => found.has(error)).length / wanted.length
    }

    const labels = images.flatMap(({ imageId, truth }) =>
      truth.map((_, truthIndex) => `${truthIndex} ${imageId}`),
    )
    const wrong = new Set(errors.map(({ imageId, truthIndex }) => `${truthIndex} ${imageId}`))
    const shuffled = random.fork('order').shuffle(labels)
    const wrongWithin = (within: number): number =>
      shuffled.slice(0, within).filter((label) => wrong.has(label)).length

    const kindFigures = kinds.flatMap((kind): Figure[] => [
      plain(`precision-${kind}-in-${top}-of-its-kind`, precision(kind), ''),
      plain(`recall-${kind}-in-${errors.length}`, recall(errors.length, kind), ''),
      plain(`recall-${kind}-in-${top}`, recall(top, kind), ''),
    ])
    return {
      engine,
      figures: [
        plain(`precision-in-${top}`, precision(), ''),
        plain(`random-precision-in-${top}`, wrongWithin(top) / top, ''),
        plain(`recall-in-${top}`, recall(top), ''),
        plain(`random-recall-in-${top}`, wrongWithin(top) / errors.length, ''),
        plain(`recall-in-${errors.length}`, recall(errors.length), ''),
        plain(`random-recall-in-${errors.length}`, wrongWithin(errors.length) / errors.length, ''),
        ...kindFigures,
      ],
    }
  } finally {
    client.close()
  }
}
