import { createTargets, type CellTargets, type TargetBox } from '../../core/detection/targets'
import { drawView, viewBoxes } from '../../core/detection/view'
import type { RandomSource } from '../../core/random/types'
import type { TrainRequest } from '../head/protocol'
import type { TrainingImage } from '../head/training-set'
import type { TuningRecipe } from './recipe'
import type { NumberedView } from './view-source'

/** A view of an image, and what the network should answer on it. */
export interface DrawnView extends NumberedView {
  readonly targets: CellTargets
  /** Where the step's own draws for this image come from. */
  readonly random: RandomSource
}

/** Draws the views of a step. */
export class ViewDrawer {
  readonly #recipe: TuningRecipe
  readonly #random: RandomSource
  readonly #viewCount: number
  readonly #classCount: number
  readonly #boxes: ReadonlyMap<string, readonly TargetBox[]>

  constructor(
    { examples, categories, settings }: TrainRequest,
    recipe: TuningRecipe,
    random: RandomSource,
  ) {
    this.#recipe = recipe
    this.#random = random
    const { decoder, full } = recipe.viewsPerImage
    this.#viewCount = settings.depth === 'full' ? full : decoder
    this.#classCount = categories.length
    this.#boxes = new Map(
      examples.map(({ imageId, boxes }) => [
        imageId,
        boxes.map(({ box, categoryId, crowd }) => ({
          box,
          crowd,
          classIndex: categories.indexOf(categoryId),
        })),
      ]),
    )
  }

  draw(step: number, images: readonly TrainingImage[]): DrawnView[] {
    return images.map(({ features }) => {
      const { imageId, imageWidth, imageHeight, rows, columns, stride } = features
      const random = this.#random.fork(`step ${step} ${imageId}`)
      const number = random.integer(this.#viewCount)
      const view = drawView(
        imageWidth,
        imageHeight,
        columns * stride,
        this.#recipe.views,
        // Of the image and the number alone, so that the same view comes again.
        this.#random.fork(`view ${number} ${imageId}`),
      )
      const boxes = viewBoxes(this.#boxes.get(imageId) ?? [], view)
      const grid = { rows, columns, stride }
      const targets = createTargets(boxes, this.#classCount, view.letterbox, grid)
      return { imageId, number, view, targets, random }
    })
  }
}
