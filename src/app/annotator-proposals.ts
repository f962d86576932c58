import type { Annotation, CategoryId } from '../core/dataset/types'
import type { ImageDetections } from '../core/detection/types'
import type { Box } from '../core/geometry/box'
import { boxIou } from '../core/geometry/overlap'

/** A box the model proposes and nobody has decided on. */
export interface Proposal {
  /** Position among the image's detections; identifies the proposal while those stay the same. */
  readonly index: number
  /** Original-image pixels. */
  readonly box: Box
  readonly categoryId: CategoryId
  /** 0..1 */
  readonly score: number
}

/** A box that overlaps a proposal this much (IoU) stands for the same object, so the proposal is not shown. */
const sameObject = 0.6

/**
 * The proposals left to decide on, best first: score at least `threshold`, category still in the project, not
 * rejected, and no box on the object yet.
 */
export function openProposals(
  detections: ImageDetections | undefined,
  annotations: readonly Annotation[],
  categories: ReadonlySet<CategoryId>,
  settled: ReadonlySet<number>,
  threshold: number,
): readonly Proposal[] {
  const open: Proposal[] = []
  for (const [index, { box, categoryId, score }] of (detections?.detections ?? []).entries()) {
    if (score < threshold || !categories.has(categoryId) || settled.has(index)) continue
    if (annotations.some((annotation) => boxIou(annotation.box, box) >= sameObject)) continue
    open.push({ index, box, categoryId, score })
  }
  return open
}
