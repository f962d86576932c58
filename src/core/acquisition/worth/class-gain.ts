import type { CategoryId } from '../../dataset/types'
import { evaluateDetections } from '../../evaluation/evaluate'
import type { AcquisitionContext, ImageEvidence } from '../types'

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

/** What the boxes expected in an image would teach, each of them. */
export interface ImageGain {
  /** Mean gain of its expected boxes and an average one, relative to that of a box of the pool; above 0. */
  readonly worth: number
  /** The class whose boxes have most of the gain; undefined without boxes. */
  readonly category: CategoryId | undefined
}

/**
 * How much a box of each image would teach, compared with a box of the pool. A box counts by its score, the probability
 * that it is one. To those of an image comes one average box: what is expected of an image with few or no boxes is what is
 * expected of any.
 *
 * By the box, not by the image: crowded images take as long as they teach. With a single class, or before anything is
 * labelled, all images are worth the same.
 */
export function imageGains(
  images: readonly ImageEvidence[],
  gains: ReadonlyMap<CategoryId, ClassGain>,
  threshold: number,
): ImageGain[] {
  const expected = images.map(({ detections = [] }) => {
    const byCategory = new Map<CategoryId, number>()
    let boxes = 0
    let total = 0
    for (const { categoryId, score } of detections) {
      // Said so that NaN does not count either.
      if (!(score >= threshold)) continue
      const gain = score * (gains.get(categoryId)?.gain ?? 0)
      boxes += score
      total += gain
      byCategory.set(categoryId, (byCategory.get(categoryId) ?? 0) + gain)
    }
    return { boxes, total, byCategory }
  })
  const boxes = expected.reduce((sum, image) => sum + image.boxes, 0)
  const mean = expected.reduce((sum, image) => sum + image.total, 0) / boxes
  return expected.map((image) => {
    const [best] = [...image.byCategory].sort(([, a], [, b]) => b - a)
    return {
      worth: mean > 0 ? (image.total / mean + 1) / (image.boxes + 1) : 1,
      category: best?.[0],
    }
  })
}
