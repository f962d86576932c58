import { sortedById } from '../dataset/image-order'
import type { CategoryId } from '../dataset/types'
import { matchImage, overlaps, type ImageMatches } from './matching'
import {
  AREA_RANGES,
  IOU_THRESHOLDS,
  MAX_DETECTIONS,
  RECALL_POINTS,
  type AreaName,
} from './parameters'
import type { DetectedBox, EvaluationImage, TruthBox } from './types'

/** What one image holds of one category. */
export interface CategoryImage {
  readonly truth: readonly TruthBox[]
  /** At most `MAX_DETECTIONS`, score descending. */
  readonly detections: readonly DetectedBox[]
}

/** Precision and recall of one category in one area range. */
export interface PrecisionRecall {
  /**
   * `[threshold * 101 + recall point]`: the highest precision at that recall or a higher one,
   * 0 where the recall is never reached.
   */
  readonly precision: Float64Array
  /** `[threshold]`: share of the objects found. */
  readonly recall: Float64Array
}

/** Undefined where nothing of the category counts, which has no precision and no recall. */
export interface CategoryAccumulation {
  readonly byArea: ReadonlyMap<AreaName, PrecisionRecall | undefined>
  /** As `byArea.get('all')`, with only the best 1 and the best 10 detections an image. */
  readonly best1: PrecisionRecall | undefined
  readonly best10: PrecisionRecall | undefined
}

/**
 * Sorts truth and detections of `images` by category. Boxes of a category that is not listed are
 * left out, as the reference does. Images are taken in the order of their ids, so that detections
 * of equal score rank the same however the images came.
 */
export function groupByCategory(
  images: readonly EvaluationImage[],
  categories: readonly CategoryId[],
): ReadonlyMap<CategoryId, readonly CategoryImage[]> {
  const groups = new Map<CategoryId, CategoryImage[]>(categories.map((id) => [id, []]))
  for (const image of sortedById(images)) {
    const truth = byCategory(image.truth)
    const detections = byCategory(image.detections)
    for (const id of new Set([...truth.keys(), ...detections.keys()])) {
      groups.get(id)?.push({
        truth: truth.get(id) ?? [],
        // Array.sort is stable: equal scores keep their order, as the reference's mergesort does.
        detections: (detections.get(id) ?? [])
          .sort((a, b) => b.score - a.score)
          .slice(0, MAX_DETECTIONS),
      })
    }
  }
  return groups
}

function byCategory<T extends { readonly categoryId: CategoryId }>(boxes: readonly T[]) {
  const groups = new Map<CategoryId, T[]>()
  for (const box of boxes) {
    const group = groups.get(box.categoryId)
    if (group) group.push(box)
    else groups.set(box.categoryId, [box])
  }
  return groups
}

/** Matches every image of one category and accumulates precision over recall. */
export function accumulateCategory(images: readonly CategoryImage[]): CategoryAccumulation {
  const ranking = rank(images)
  const iou = images.map(({ detections, truth }) => overlaps(detections, truth))
  const matchesByArea = new Map(
    AREA_RANGES.map((range) => [
      range.name,
      images.map((image, i) => matchImage(image.detections, image.truth, iou[i], range)),
    ]),
  )
  const curve = (name: AreaName, limit: number) =>
    precisionRecall(images, matchesByArea.get(name) ?? [], ranking, limit)
  return {
    byArea: new Map(AREA_RANGES.map(({ name }) => [name, curve(name, MAX_DETECTIONS)])),
    best1: curve('all', 1),
    best10: curve('all', 10),
  }
}

interface Ranked {
  readonly image: number
  /** Place among the image's own detections, 0 = best. */
  readonly place: number
  readonly score: number
}

function rank(images: readonly CategoryImage[]): readonly Ranked[] {
  return images
    .flatMap(({ detections }, image) =>
      detections.map(({ score }, place): Ranked => ({ image, place, score })),
    )
    .sort((a, b) => b.score - a.score)
}

function precisionRecall(
  images: readonly CategoryImage[],
  matches: readonly ImageMatches[],
  ranking: readonly Ranked[],
  limit: number,
): PrecisionRecall | undefined {
  const positives = matches.reduce((sum, image) => sum + image.positives, 0)
  if (positives === 0) return undefined
  const kept = ranking.filter(({ place }) => place < limit)
  const precision = new Float64Array(IOU_THRESHOLDS.length * RECALL_POINTS.length)
  const recall = new Float64Array(IOU_THRESHOLDS.length)
  const outcomes = new Uint8Array(kept.length)
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    kept.forEach(({ image, place }, i) => {
      const cell = t * images[image].detections.length + place
      outcomes[i] = matches[image].ignored[cell] ? IGNORED : matches[image].matched[cell]
    })
    const envelope = precisionEnvelope(outcomes, positives)
    precision.set(envelope.precision, t * RECALL_POINTS.length)
    recall[t] = envelope.recall
  }
  return { precision, recall }
}

/** Of a detection that counts neither as true (1) nor as false positive (0). */
const IGNORED = 2

/**
 * Precision over recall at one IoU threshold: at each of `RECALL_POINTS` the highest precision at that recall or a higher
 * one, 0 where the recall is never reached; and the recall in the end.
 * @param outcomes of the detections, score descending: 1 true, 0 false positive, 2 ignored
 * @param positives objects to be found, 1 or more
 */
export function precisionEnvelope(
  outcomes: Uint8Array,
  positives: number,
): { readonly precision: Float64Array; readonly recall: number } {
  const precision = new Float64Array(RECALL_POINTS.length)
  const recallAt = new Float64Array(outcomes.length)
  const precisionAt = new Float64Array(outcomes.length)
  let truePositives = 0
  let falsePositives = 0
  for (let i = 0; i < outcomes.length; i++) {
    if (outcomes[i] === 1) truePositives++
    else if (outcomes[i] === 0) falsePositives++
    recallAt[i] = truePositives / positives
    // 0 while nothing but ignored detections has ranked. The reference adds an epsilon to the
    // divisor instead, which only costs a perfect result its last digit.
    precisionAt[i] = truePositives === 0 ? 0 : truePositives / (truePositives + falsePositives)
  }
  for (let i = outcomes.length - 2; i >= 0; i--) {
    precisionAt[i] = Math.max(precisionAt[i], precisionAt[i + 1])
  }
  let i = 0
  RECALL_POINTS.forEach((point, r) => {
    while (i < outcomes.length && recallAt[i] < point) i++
    if (i < outcomes.length) precision[r] = precisionAt[i]
  })
  return { precision, recall: truePositives / positives }
}
