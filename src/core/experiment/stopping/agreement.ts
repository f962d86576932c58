import type { Detection } from '../../detection/types'
import { matchOneToOne } from '../../evaluation/one-to-one'
import { boxIou } from '../../geometry/overlap'

/** What one round and the next saw in the same image. */
export interface DetectionPair {
  readonly before: readonly Detection[]
  readonly after: readonly Detection[]
}

/** Boxes of one class that overlap by this much are of the same object. */
const sameIou = 0.5

/**
 * How far two models agree on what is in the images: of all their detections of at least `threshold`, the share that the
 * other one makes too (same class, IoU of 0.5 or more, one to one, the largest overlaps first). That is the F-measure of
 * one model's boxes against the other's, and the object detector's version of stabilising predictions (Bloodgood &
 * Vijay-Shanker 2009). Image by image, so that a whole pool need not be compared at once.
 */
export class DetectionAgreement {
  readonly #threshold: number
  #seen = 0
  #shared = 0

  constructor(threshold: number) {
    this.#threshold = threshold
  }

  /** Takes what the two saw in one more image into account. */
  add({ before, after }: DetectionPair): void {
    const old = before.filter(({ score }) => score >= this.#threshold)
    const present = after.filter(({ score }) => score >= this.#threshold)
    this.#seen += old.length + present.length
    this.#shared += 2 * countShared(old, present)
  }

  /** 0..1; undefined while neither has seen anything, which says nothing about when to stop. */
  get share(): number | undefined {
    return this.#seen === 0 ? undefined : this.#shared / this.#seen
  }
}

function countShared(before: readonly Detection[], after: readonly Detection[]): number {
  const overlaps = before.flatMap(({ box, categoryId }, a) =>
    after.flatMap((other, b) => {
      const iou = other.categoryId === categoryId ? boxIou(box, other.box) : 0
      return iou < sameIou ? [] : [{ a, b, iou }]
    }),
  )
  overlaps.sort((a, b) => b.iou - a.iou)
  return matchOneToOne(overlaps).length
}
