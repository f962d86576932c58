import type { Detection } from '../../detection/types'
import { FOUND_IOU } from '../../evaluation/found-objects'
import { matchOneToOne } from '../../evaluation/one-to-one'
import { boxIou } from '../../geometry/overlap'

export interface MatchedBoxes {
  readonly a: Detection
  readonly b: Detection
  /** Above 0. */
  readonly iou: number
}

/** Two views of one image, box by box. */
export interface BoxMatching {
  /** One of the two has the lowest score or more. */
  readonly matched: readonly MatchedBoxes[]
  /** With the lowest score or more, without counterpart. */
  readonly onlyA: readonly Detection[]
  readonly onlyB: readonly Detection[]
}

/**
 * Pairs the boxes of two views of an image, both in the image's frame, each box once, of whatever class, the largest
 * overlaps first. Between equal overlaps a pair of one class comes first, then the surer boxes (the order given).
 *
 * A box below the lowest score serves only as the counterpart of one that reaches it: what one view sees just above, the
 * other may see just below. CALD compares a box with whatever overlaps it most; here a faint box, of another class maybe,
 * must not come between two sightings of an object because it overlaps one of them a little more. So pairs in which both
 * boxes reach the lowest score, with an IoU of 0.5 or more, come before all others. With less overlap they may be
 * neighbours, and then the faint counterpart is the better one.
 */
export function matchBoxes(
  a: readonly Detection[],
  b: readonly Detection[],
  lowest: number,
): BoxMatching {
  const counts = ({ score }: Detection): boolean => score >= lowest
  const isSure = ({ a, b, iou }: MatchedBoxes): boolean =>
    iou >= FOUND_IOU && counts(a) && counts(b)
  const pairs = a
    .flatMap((left) => b.map((right) => ({ a: left, b: right, iou: boxIou(left.box, right.box) })))
    .filter(({ a, b, iou }) => iou > 0 && (counts(a) || counts(b)))
    .sort(
      (p, q) =>
        Number(isSure(q)) - Number(isSure(p)) ||
        q.iou - p.iou ||
        Number(isOneClass(q)) - Number(isOneClass(p)),
    )
  const matched = matchOneToOne(pairs)
  const takenA = new Set(matched.map((pair) => pair.a))
  const takenB = new Set(matched.map((pair) => pair.b))
  return {
    matched,
    onlyA: a.filter((detection) => counts(detection) && !takenA.has(detection)),
    onlyB: b.filter((detection) => counts(detection) && !takenB.has(detection)),
  }
}

function isOneClass({ a, b }: MatchedBoxes): boolean {
  return a.categoryId === b.categoryId
}
