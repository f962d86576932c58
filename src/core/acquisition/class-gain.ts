import type { CategoryId } from '../dataset/types'
import type { Detection } from '../detection/types'
import { evaluateDetections } from '../evaluation/evaluate'
import type { AcquisitionContext, ImageEvidence } from './types'

/** The error of a class is mixed with the mean of all as if so many objects had had that. */
const priorObjects = 5

/** What is known of a class, and what follows for its next label. */
export interface ClassGain {
  /** Labelled objects; crowd regions do not count. */
  readonly objects: number
  /** AP50 on labelled images of a model that never saw them; undefined where there is none, or no object. */
  readonly ap50: number | undefined
  /** error / (1 + objects): what one more object teaches, in proportion to other classes. */
  readonly gain: number
}

/**
 * How much one more labelled object of each class would teach. Errors fall about as a power of the number of examples, so
 * their slope is in proportion to error / number. The error is 1 - AP50, out of fold; that of a class with n objects judged
 * is mixed n : 5 with the mean of all classes. Where nothing was judged it is 1 for all.
 */
export function classGains(context: AcquisitionContext): Map<CategoryId, ClassGain> {
  const { labeled, categories } = context
  const judged = labeled.flatMap(({ imageId, truth, outOfFold }) =>
    outOfFold === undefined ? [] : [{ imageId, truth, detections: outOfFold.detections }],
  )
  const { perCategory } = evaluateDetections(judged, categories)
  const known = new Map(perCategory.map((figures) => [figures.categoryId, figures]))
  const errors = perCategory.flatMap(({ ap50 }) => (ap50 === undefined ? [] : [1 - ap50]))
  const meanError =
    errors.length === 0 ? 1 : errors.reduce((sum, error) => sum + error, 0) / errors.length

  const objects = new Map(categories.map((categoryId) => [categoryId, 0]))
  for (const { categoryId, crowd } of labeled.flatMap(({ truth }) => truth)) {
    if (!crowd) objects.set(categoryId, (objects.get(categoryId) ?? 0) + 1)
  }
  return new Map(
    categories.map((categoryId) => {
      const count = objects.get(categoryId) ?? 0
      const { ap50, truthCount = 0 } = known.get(categoryId) ?? {}
      const own = ap50 === undefined ? meanError : 1 - ap50
      const error = (truthCount * own + priorObjects * meanError) / (truthCount + priorObjects)
      return [categoryId, { objects: count, ap50, gain: error / (1 + count) }]
    }),
  )
}

/** What labelling an image would teach. */
export interface ImageGain {
  /** Relative to the mean of the images that the model has looked at; above 0. */
  readonly gain: number
  /** The class that most of it is about; undefined without boxes. */
  readonly category: CategoryId | undefined
}

/** What an image may show that the model does not see: this part of the mean of the pool is expected of every image. */
const unseenShare = 0.25

/**
 * How much labelling each image would teach, compared with the mean of the pool: the sum over the classes of
 * gain x sqrt(n), n being the objects expected there (the sum of their scores, which are probabilities). Those of a class on
 * one image, under one light and often of one kind, resemble each other: n of them are worth sqrt(n) from as many images.
 * Below one object it is n itself.
 *
 * To that comes what the model does not see, the same for all. An image it has not looked at is an average one; so are all
 * where nothing is left to gain.
 */
export function imageGains(
  images: readonly ImageEvidence[],
  gains: ReadonlyMap<CategoryId, ClassGain>,
): ImageGain[] {
  const expected = images.map(({ detections }) => detections && gainByCategory(detections, gains))
  const totals = expected.map((classes) => classes && sum(classes.values()))
  const known = totals.filter((total) => total !== undefined)
  const mean = known.length === 0 ? 0 : sum(known) / known.length
  return images.map((_, index) => {
    const total = totals[index]
    const [best] = [...(expected[index] ?? [])].sort(([, a], [, b]) => b - a)
    return {
      gain:
        total === undefined || !(mean > 0) ? 1 : (total / mean + unseenShare) / (1 + unseenShare),
      category: best?.[0],
    }
  })
}

/** What the objects expected of each class would teach together. */
function gainByCategory(
  detections: readonly Detection[],
  gains: ReadonlyMap<CategoryId, ClassGain>,
): Map<CategoryId, number> {
  const counts = new Map<CategoryId, number>()
  for (const { categoryId, score } of detections)
    counts.set(categoryId, (counts.get(categoryId) ?? 0) + score)
  return new Map(
    [...counts].map(([categoryId, count]) => [
      categoryId,
      (gains.get(categoryId)?.gain ?? 0) * Math.min(count, Math.sqrt(count)),
    ]),
  )
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
