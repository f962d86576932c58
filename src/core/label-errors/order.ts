import type { Box } from '../geometry/box'
import type { LabelSuspect } from './types'

/**
 * Sorts the most suspicious first; equal ones by score, image, kind, and box and class of what is in question and of what was
 * detected. Suspects that are equal in all of this differ in nothing that is shown, so the order of the input does not show.
 */
export function bySuspicion(a: LabelSuspect, b: LabelSuspect): number {
  const [ownA, ownB] = [inQuestion(a), inQuestion(b)]
  return (
    b.suspicion - a.suspicion ||
    b.detection.score - a.detection.score ||
    byText(a.imageId, b.imageId) ||
    byText(a.kind, b.kind) ||
    byPlace(ownA.box, ownB.box) ||
    byText(ownA.categoryId, ownB.categoryId) ||
    byPlace(a.detection.box, b.detection.box) ||
    byText(a.detection.categoryId, b.detection.categoryId)
  )
}

/** The label; of an overlooked object, which has none, what was detected. */
function inQuestion(suspect: LabelSuspect) {
  return suspect.kind === 'overlooked' ? suspect.detection : suspect.label
}

function byPlace(a: Box, b: Box): number {
  return a.x - b.x || a.y - b.y || a.width - b.width || a.height - b.height
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
