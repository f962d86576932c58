import type { Box } from '../geometry/box'
import { boxIou } from '../geometry/overlap'
import type { DismissedSuspect, LabelSuspect } from './types'

/** Another training sees an object that is not there a little elsewhere. */
const sameObjectIou = 0.5

/** What to keep of a suspect whose label is right. */
export function dismissal(suspect: LabelSuspect): DismissedSuspect {
  const { kind, imageId } = suspect
  const { categoryId, box } = suspect.kind === 'overlooked' ? suspect.detection : suspect.label
  return { kind, imageId, categoryId, box }
}

/**
 * Whether somebody has said that the label is right: of the same label, box and class unchanged, in the same way; or of
 * an object that was thought to be overlooked in about the same place.
 */
export function isDismissed(
  suspect: LabelSuspect,
  dismissed: readonly DismissedSuspect[],
): boolean {
  const { kind, imageId, categoryId, box } = dismissal(suspect)
  return dismissed.some((other) => {
    if (other.kind !== kind || other.imageId !== imageId) return false
    if (kind === 'overlooked') return boxIou(other.box, box) >= sameObjectIou
    return isSameBox(other.box, box) && other.categoryId === categoryId
  })
}

/** Whether two boxes are equal to the last digit: nobody has touched the label. */
export function isSameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}
