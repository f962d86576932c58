/** Learning curves written down by hand. */
import type {
  ExperimentPoint,
  StrategyCurve,
} from '../../../../src/core/experiment/replay/replay-types'

/** A point of ten boxes for every image, at 7 s an image and a box. */
export function point(images: number, ap50: number, boxes = 10 * images): ExperimentPoint {
  return { images, boxes, seconds: 7 * (images + boxes), ap50, ap: ap50 / 2 }
}

/** A point every ten images. */
export function curve(seed: number, heights: readonly number[], boxesPerImage = 10): StrategyCurve {
  const points = heights.map((ap50, index) => {
    const images = 10 * (index + 1)
    return point(images, ap50, 100 + 10 * index * boxesPerImage)
  })
  return { seed, points }
}
