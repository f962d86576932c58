import type { Detection } from '../detection/types'
import { matchOneToOne } from '../evaluation/one-to-one'
import { boxIou } from '../geometry/overlap'

export interface MatchedBoxes {
  readonly a: Detection
  readonly b: Detection
  /** Above 0. */
  readonly iou: number
}

/** Two views of one image, box by box. */
export interface BoxMatching {
  readonly matched: readonly MatchedBoxes[]
  readonly onlyA: readonly Detection[]
  readonly onlyB: readonly Detection[]
}

/**
 * Pairs the boxes of two views of an image, both in the image's frame: the largest overlaps first, each box once, of
 * whatever class. Between equal overlaps a pair of one class comes first, then the surer boxes (the order given).
 */
export function matchBoxes(a: readonly Detection[], b: readonly Detection[]): BoxMatching {
  const pairs = a
    .flatMap((left) => b.map((right) => ({ a: left, b: right, iou: boxIou(left.box, right.box) })))
    .filter(({ iou }) => iou > 0)
    .sort((p, q) => q.iou - p.iou || Number(isOneClass(q)) - Number(isOneClass(p)))
  const matched = matchOneToOne(pairs)
  const takenA = new Set(matched.map((pair) => pair.a))
  const takenB = new Set(matched.map((pair) => pair.b))
  return {
    matched,
    onlyA: a.filter((detection) => !takenA.has(detection)),
    onlyB: b.filter((detection) => !takenB.has(detection)),
  }
}

function isOneClass({ a, b }: MatchedBoxes): boolean {
  return a.categoryId === b.categoryId
}
