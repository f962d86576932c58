import type { CategoryId } from '../dataset/types'
import type { Box } from '../geometry/box'
import { accumulateCategory, groupByCategory } from './accumulate'
import { summarise } from './summarise'
import type { EvaluationImage, EvaluationResult } from './types'

/**
 * COCO detection evaluation (Lin et al. 2014): IoU 0.50:0.05:0.95, 101 recall points, at most
 * 1 / 10 / 100 detections an image and category, four area ranges, crowd regions ignored.
 * Figures agree with the reference evaluator; what it prints as -1 is undefined here.
 *
 * Every truth box of an image must be given, also for images without detections. Boxes of a
 * category that is not in `categories` are left out. The order of the images does not matter;
 * detections of equal score in one image keep the order given.
 *
 * `truthCount` counts the boxes that are to be found: crowd regions are not among them.
 *
 * @throws RangeError when a score or a box is not made of finite numbers.
 */
export function evaluateDetections(
  images: readonly EvaluationImage[],
  categories: readonly CategoryId[],
): EvaluationResult {
  images.forEach(checkFinite)
  const groups = groupByCategory(images, categories)
  // From the map, not from the argument: a category listed twice still weighs once.
  const evaluated = [...groups].map(([categoryId, group]) => {
    const accumulation = accumulateCategory(group)
    const truthCount = group.reduce(
      (sum, image) => sum + image.truth.filter((box) => !box.crowd).length,
      0,
    )
    return { categoryId, accumulation, truthCount }
  })
  return {
    metrics: summarise(evaluated.map(({ accumulation }) => accumulation)),
    perCategory: evaluated.map(({ categoryId, accumulation, truthCount }) => ({
      categoryId,
      ...summarise([accumulation]),
      truthCount,
    })),
    imageCount: images.length,
    truthCount: evaluated.reduce((sum, { truthCount }) => sum + truthCount, 0),
  }
}

/** A NaN would not fail anywhere: it would only scramble the ranking. */
function checkFinite(image: EvaluationImage): void {
  const finite = (box: Box) => [box.x, box.y, box.width, box.height].every(Number.isFinite)
  const badTruth = image.truth.findIndex(({ box, area }) => !finite(box) || Number.isNaN(area))
  if (badTruth >= 0) {
    throw new RangeError(
      `evaluateDetections: truth box ${badTruth} of image ${image.imageId} is not made of finite ` +
        'numbers; delete or redraw it.',
    )
  }
  const badDetection = image.detections.findIndex(
    ({ box, score }) => !finite(box) || !Number.isFinite(score),
  )
  if (badDetection >= 0) {
    throw new RangeError(
      `evaluateDetections: detection ${badDetection} of image ${image.imageId} has a box or score ` +
        'that is not a finite number; the training that made it has diverged.',
    )
  }
}
