/** Recall of the stock detector's class-agnostic proposals at IoU 0.5, before anything is trained. */
import { fetchCocoFolder, type LabeledImage } from '../../src/cli/coco-folder'
import type { ScoredRegion } from '../../src/core/detection/zero-shot'
import { boxIou } from '../../src/core/geometry/overlap'
import { createEngineClient } from '../../src/engine/client'
import { median, plain, type BenchOptions, type BenchResult } from './figure'

const imageCount = 100
const limits = [100, 300]
/** Scores an annotator may ask for. */
const thresholds = [0.05, 0.1, 0.2, 0.3]

export async function run(
  { folderUrl }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const { images } = await fetchCocoFolder(folderUrl)
  const client = createEngineClient()
  try {
    const engine = await client.call('start', { baseUrl: new URL('/', location.href).href })
    const answers: { image: LabeledImage; regions: readonly ScoredRegion[] }[] = []
    const milliseconds: number[] = []
    for (const image of images.slice(0, imageCount)) {
      const begin = performance.now()
      const { imageId, blob } = image
      const { agnostic } = await client.call('proposeZeroShot', {
        image: { imageId, blob },
        limit: Math.max(...limits),
      })
      milliseconds.push(performance.now() - begin)
      answers.push({ image, regions: agnostic })
    }
    const counts = answers.map(({ regions }) => regions.length)
    report(`${answers.length} images, ${median(counts)} proposals in the middle one`)
    for (const threshold of thresholds) {
      const kept = answers.map(({ image, regions }) => ({
        image,
        regions: regions.filter(({ score }) => score >= threshold),
      }))
      const count = kept.reduce((sum, { regions }) => sum + regions.length, 0) / kept.length
      report(
        `score from ${threshold}: recall ${recall(kept, 300).toFixed(3)}, ${count.toFixed(1)} an image`,
      )
    }
    return {
      engine,
      figures: [
        ...limits.map((limit) => plain(`zero-shot-recall-${limit}`, recall(answers, limit), '')),
        plain('zero-shot-milliseconds', median(milliseconds), 'ms'),
      ],
    }
  } finally {
    client.close()
  }
}

/** Share of the objects that one of their image's first `limit` proposals meets, each proposal meeting one object. */
function recall(
  answers: readonly { image: LabeledImage; regions: readonly ScoredRegion[] }[],
  limit: number,
): number {
  let met = 0
  let objects = 0
  for (const { image, regions } of answers) {
    const open = new Set(image.truth.filter(({ crowd }) => !crowd).map(({ box }) => box))
    objects += open.size
    for (const { box } of regions.slice(0, limit)) {
      const best = [...open].toSorted((a, b) => boxIou(b, box) - boxIou(a, box))[0]
      if (best === undefined || boxIou(best, box) < 0.5) continue
      open.delete(best)
      met++
    }
  }
  return met / objects
}
