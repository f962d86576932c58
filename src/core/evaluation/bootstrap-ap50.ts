import { sortedById } from '../dataset/image-order'
import type { CategoryId } from '../dataset/types'
import type { RandomSource } from '../random/types'
import { quantile } from '../numeric/quantiles'
import { groupByCategory } from './accumulate'
import { matchImage, overlaps } from './matching'
import { AREA_RANGES, RECALL_POINTS } from './parameters'
import type { EvaluationImage } from './types'

/** An interval that a figure lies in, both ends included. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** The detections of one category that count, best first, and its objects by image. */
interface CategoryMatches {
  readonly imageOf: Int32Array
  /** 1 where the detection found an object. */
  readonly correct: Uint8Array
  readonly objectsOf: Int32Array
}

/**
 * AP50 on `count` samples of as many images, drawn with replacement (Efron 1979): how much the figure depends on which
 * images happen to be in the test set. Each is COCO's AP50 as `evaluateDetections` has it, an image drawn twice counting
 * twice.
 *
 * The draws depend on `random` and the labels alone, not on the order of the images, so that two models on the same test
 * set under the same seed get the same samples and the difference of their figures, sample by sample, is paired.
 *
 * @returns `count` figures, 0..1; none when there is nothing to find
 */
export function bootstrapAp50(
  images: readonly EvaluationImage[],
  categories: readonly CategoryId[],
  count: number,
  random: RandomSource,
): number[] {
  const ordered = sortedById(images)
  const matches = matchCategories(ordered, categories)
  const objects = Int32Array.from(ordered, (_, image) =>
    matches.reduce((sum, { objectsOf }) => sum + (objectsOf[image] ?? 0), 0),
  )
  if (objects.every((number) => number === 0)) return []
  const times = new Int32Array(ordered.length)
  return Array.from({ length: count }, () => {
    // A sample without an object has no figure; another is drawn.
    do {
      times.fill(0)
      for (let draw = 0; draw < ordered.length; draw++) times[random.integer(ordered.length)]++
    } while (times.every((number, image) => number === 0 || objects[image] === 0))
    const figures = matches.flatMap((category) => averagePrecision(category, times) ?? [])
    return figures.reduce((sum, value) => sum + value, 0) / figures.length
  })
}

/**
 * The central share `level` of the values, between two of them linearly interpolated (the percentile interval).
 * @returns undefined when there are none
 */
export function percentileInterval(values: readonly number[], level = 0.95): Interval | undefined {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }
}

function matchCategories(
  ordered: readonly EvaluationImage[],
  categories: readonly CategoryId[],
): CategoryMatches[] {
  const [all] = AREA_RANGES
  const inAll = { min: all?.min ?? 0, max: all?.max ?? Infinity, name: 'all' as const }
  // One image at a time, so that every detection keeps the image it is on.
  const perImage = ordered.map((image) => groupByCategory([image], categories))
  return [...new Set(categories)].map((categoryId) => {
    const objectsOf = new Int32Array(ordered.length)
    const found = perImage.flatMap((groups, image) =>
      (groups.get(categoryId) ?? []).flatMap(({ truth, detections }) => {
        const result = matchImage(detections, truth, overlaps(detections, truth), inAll)
        objectsOf[image] = result.positives
        // The first threshold is IoU 0.5.
        return detections.flatMap(({ score }, at) =>
          result.ignored[at] === 1 ? [] : [{ image, score, correct: result.matched[at] === 1 }],
        )
      }),
    )
    found.sort((a, b) => b.score - a.score)
    return {
      imageOf: Int32Array.from(found, ({ image }) => image),
      correct: Uint8Array.from(found, ({ correct }) => (correct ? 1 : 0)),
      objectsOf,
    }
  })
}

/** COCO's AP of a category where image i counts `times[i]` times; undefined where nothing of it is to be found. */
function averagePrecision(
  { imageOf, correct, objectsOf }: CategoryMatches,
  times: Int32Array,
): number | undefined {
  let objects = 0
  for (let image = 0; image < times.length; image++)
    objects += (times[image] ?? 0) * (objectsOf[image] ?? 0)
  if (objects === 0) return undefined
  const recall = new Float64Array(imageOf.length)
  const precision = new Float64Array(imageOf.length)
  let right = 0
  let wrong = 0
  for (let at = 0; at < imageOf.length; at++) {
    const weight = times[imageOf[at] ?? 0] ?? 0
    if (correct[at] === 1) right += weight
    else wrong += weight
    recall[at] = right / objects
    precision[at] = right === 0 ? 0 : right / (right + wrong)
  }
  for (let at = precision.length - 2; at >= 0; at--)
    precision[at] = Math.max(precision[at] ?? 0, precision[at + 1] ?? 0)
  let sum = 0
  let at = 0
  for (const point of RECALL_POINTS) {
    while (at < recall.length && (recall[at] ?? 0) < point) at++
    sum += precision[at] ?? 0
  }
  return sum / RECALL_POINTS.length
}
