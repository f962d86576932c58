/**
 * Choosing 100 of 10,000 unlabelled images with features of 128 components, 100 others being labelled, by the strategies
 * that compare all images with each other. The features are drawn: 50 groups of images that are alike.
 */
import { strategyById } from '../../src/core/acquisition/registry'
import type { AcquisitionContext, ImageEvidence } from '../../src/core/acquisition/types'
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import type { Detection } from '../../src/core/detection/types'
import { seededRandom } from '../../src/core/random/seeded'
import type { RandomSource } from '../../src/core/random/types'
import { createEngineClient } from '../../src/engine/client'
import { atMost, plain, type BenchResult, type Figure } from './figure'

const components = 128
const groups = 50
const labeled = 100
const batchSize = 100
/** Seconds by strategy. */
const bars: readonly (readonly [string, number | undefined])[] = [
  ['core-set', 2],
  ['uherding', 4],
  ['margin-default', 4],
  ['typiclust', undefined],
]
const category = 'category' as CategoryId

export async function run(_options: unknown, report: (text: string) => void): Promise<BenchResult> {
  const client = createEngineClient()
  try {
    const engine = await client.call('start', { baseUrl: new URL('/', location.href).href })
    const small = drawContext(1000)
    const large = drawContext(10_000)
    const figures: Figure[] = []
    for (const [id, bar] of bars) {
      // Compiled by the time it counts.
      secondsToSelect(id, small)
      const seconds = secondsToSelect(id, large)
      report(`${id}: ${seconds.toFixed(2)} s`)
      const name = `select-seconds-${id}`
      figures.push(bar === undefined ? plain(name, seconds, 's') : atMost(name, seconds, 's', bar))
    }
    return { engine, figures }
  } finally {
    client.close()
  }
}

function secondsToSelect(id: string, context: AcquisitionContext): number {
  const begin = performance.now()
  const picks = strategyById(id).select(context, batchSize, {}, seededRandom(1))
  const seconds = (performance.now() - begin) / 1000
  if (picks.length !== batchSize) throw new Error(`${picks.length} images were chosen by ${id}.`)
  return seconds
}

function drawContext(images: number): AcquisitionContext {
  const random = seededRandom(1)
  const centres = Array.from({ length: groups }, () => drawVector(random, undefined))
  const draw = (index: number): ImageEvidence => {
    const detections = Array.from({ length: random.integer(10) }, () => drawDetection(random))
    return {
      imageId: `image-${index}` as ImageId,
      detections: detections.sort((a, b) => b.score - a.score),
      feature: drawVector(random, centres[random.integer(groups)]),
    }
  }
  const box = { x: 0, y: 0, width: 10, height: 10 }
  return {
    unlabeled: Array.from({ length: images }, (_, index) => draw(index)),
    labeled: Array.from({ length: labeled }, (_, index) => ({
      ...draw(images + index),
      truth: [{ categoryId: category, box, crowd: false }],
    })),
    categories: [category],
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
    rounds: 10,
  }
}

function drawVector(random: RandomSource, around: Float32Array | undefined): Float32Array {
  return Float32Array.from({ length: components }, (_, i) => (around?.[i] ?? 0) + random.normal())
}

function drawDetection(random: RandomSource): Detection {
  const score = random.next()
  return {
    box: { x: 100 * random.next(), y: 100 * random.next(), width: 20, height: 20 },
    categoryId: category,
    score,
    classProbabilities: [score],
    memberScores: [score, random.next()],
  }
}
