import { boxIou } from '../../geometry/overlap'
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
    const isSameBox =
      other.box.x === box.x &&
      other.box.y === box.y &&
      other.box.width === box.width &&
      other.box.height === box.height
    return isSameBox && other.categoryId === categoryId
  })
}
