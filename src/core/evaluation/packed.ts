import type { CategoryId, ImageId } from '../dataset/types'
import type { DetectedBox, EvaluationImage, TruthBox } from './types'

/**
 * Images to be compared, as a few arrays: a hundred thousand boxes sent to a worker one by one hold up the sender for
 * half a second, as arrays for milliseconds.
 */
export interface PackedImages {
  readonly imageIds: readonly ImageId[]
  /** The categories that occur; boxes name them by their place. */
  readonly categories: readonly CategoryId[]
  readonly truth: PackedBoxes & {
    readonly crowds: Uint8Array
    /** NaN where a box has none of its own. */
    readonly areas: Float64Array
  }
  readonly detections: PackedBoxes & {
    readonly scores: Float64Array
    /** Row-major [boxes, classes], in single precision, as heads give them; empty where they were not wanted. */
    readonly classProbabilities: Float32Array
  }
}

interface PackedBoxes {
  /** Boxes of each image; theirs follow each other. */
  readonly counts: Uint32Array
  /** Places in `categories`. */
  readonly categories: Uint32Array
  /** Row-major [boxes, 4]: x, y, width, height. */
  readonly boxes: Float64Array
}

interface PackableDetection extends DetectedBox {
  readonly classProbabilities?: readonly number[]
}

export interface UnpackedImage extends EvaluationImage {
  readonly detections: readonly (DetectedBox & { readonly classProbabilities: readonly number[] })[]
}

/** Packs images one after the other, so that thousands need not be packed at once. */
export class ImagePacker {
  readonly #classes: number
  readonly #imageIds: ImageId[] = []
  readonly #categories = new Map<CategoryId, number>()
  readonly #truth = new BoxPacker(this.#categories)
  readonly #crowds: number[] = []
  readonly #areas: number[] = []
  readonly #detections = new BoxPacker(this.#categories)
  readonly #scores: number[] = []
  /** One array an image: a single one would be copied as a whole whenever it grows. */
  readonly #classProbabilities: Float32Array[] = []

  /** @param classes so many class probabilities are kept of each detection, 0 where it has fewer; none if left out */
  constructor(classes = 0) {
    this.#classes = classes
  }

  add({
    imageId,
    truth,
    detections,
  }: {
    readonly imageId: ImageId
    readonly truth: readonly TruthBox[]
    readonly detections: readonly PackableDetection[]
  }): void {
    this.#imageIds.push(imageId)
    this.#truth.add(truth)
    for (const { crowd, area } of truth) {
      this.#crowds.push(Number(crowd))
      this.#areas.push(area ?? NaN)
    }
    this.#detections.add(detections)
    for (const { score } of detections) this.#scores.push(score)
    const rows = new Float32Array(detections.length * this.#classes)
    detections.forEach(({ classProbabilities = [] }, row) =>
      rows.set(classProbabilities.slice(0, this.#classes), row * this.#classes),
    )
    this.#classProbabilities.push(rows)
  }

  /** All images so far, in the order they came. */
  get packed(): PackedImages {
    return {
      imageIds: [...this.#imageIds],
      categories: [...this.#categories.keys()],
      truth: {
        ...this.#truth.packed,
        crowds: new Uint8Array(this.#crowds),
        areas: new Float64Array(this.#areas),
      },
      detections: {
        ...this.#detections.packed,
        scores: new Float64Array(this.#scores),
        classProbabilities: joined(this.#classProbabilities),
      },
    }
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let from = 0
  for (const part of parts) {
    whole.set(part, from)
    from += part.length
  }
  return whole
}

class BoxPacker {
  readonly #places: Map<CategoryId, number>
  readonly #counts: number[] = []
  readonly #categories: number[] = []
  readonly #boxes: number[] = []

  /** @param places of the categories known so far; shared, and added to */
  constructor(places: Map<CategoryId, number>) {
    this.#places = places
  }

  /** The boxes of one image. */
  add(boxes: readonly Pick<DetectedBox, 'categoryId' | 'box'>[]): void {
    this.#counts.push(boxes.length)
    for (const { categoryId, box } of boxes) {
      const place = this.#places.get(categoryId) ?? this.#places.size
      this.#places.set(categoryId, place)
      this.#categories.push(place)
      this.#boxes.push(box.x, box.y, box.width, box.height)
    }
  }

  get packed(): PackedBoxes {
    return {
      counts: new Uint32Array(this.#counts),
      categories: new Uint32Array(this.#categories),
      boxes: new Float64Array(this.#boxes),
    }
  }
}

/** The images as they were packed; without what of their boxes is not compared. */
export function unpackImages({
  imageIds,
  categories,
  truth,
  detections,
}: PackedImages): UnpackedImage[] {
  const { classProbabilities } = detections
  const classes = classProbabilities.length / Math.max(1, detections.scores.length)
  let truthFrom = 0
  let detectionsFrom = 0
  return imageIds.map((imageId, index) => {
    const truthTo = truthFrom + truth.counts[index]
    const detectionsTo = detectionsFrom + detections.counts[index]
    const image: UnpackedImage = {
      imageId,
      truth: range(truthFrom, truthTo).map((at) => ({
        ...boxAt(truth, categories, at),
        crowd: truth.crowds[at] === 1,
        ...(!Number.isNaN(truth.areas[at]) && { area: truth.areas[at] }),
      })),
      detections: range(detectionsFrom, detectionsTo).map((at) => ({
        ...boxAt(detections, categories, at),
        score: detections.scores[at],
        classProbabilities: Array.from(
          classProbabilities.subarray(at * classes, (at + 1) * classes),
        ),
      })),
    }
    truthFrom = truthTo
    detectionsFrom = detectionsTo
    return image
  })
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function boxAt({ categories, boxes }: PackedBoxes, ids: readonly CategoryId[], at: number) {
  const from = 4 * at
  const box = {
    x: boxes[from],
    y: boxes[from + 1],
    width: boxes[from + 2],
    height: boxes[from + 3],
  }
  return { categoryId: ids[categories[at]], box }
}
