import type { Annotation, CategoryId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { ZeroShotProposal } from '../../core/detection/zero-shot'
import type { Box } from '../../core/geometry/box'
import { boxIou } from '../../core/geometry/overlap'

interface ProposedBox {
  /** Position among the image's candidates; identifies the proposal while those stay the same. */
  readonly index: number
  /** Original-image pixels. */
  readonly box: Box
  /** 0..1 */
  readonly score: number
}

/** A box that is proposed and nobody has decided on: of a category, or of an object without a name. */
export type Proposal =
  | (ProposedBox & { readonly kind: 'category'; readonly categoryId: CategoryId })
  | (ProposedBox & { readonly kind: 'object' })

/** What may be proposed; a place without anything is undefined. */
export type ProposalCandidate = ZeroShotProposal | undefined

/** A box that overlaps a proposal this much (IoU) stands for the same object, so the proposal is not shown. */
const sameObject = 0.6

/** Detections of a trained model as candidates. */
export function predictedCandidates({ detections }: ImageDetections): ProposalCandidate[] {
  return detections.map(({ box, categoryId, score }) => ({
    kind: 'category',
    box,
    categoryId,
    score,
  }))
}

/**
 * The proposals left to decide on, in the candidates' order: score at least `threshold`, category (if any) still in the
 * project, not settled, and no box on the object yet.
 */
export function openProposals(
  candidates: readonly ProposalCandidate[],
  annotations: readonly Annotation[],
  categories: ReadonlySet<CategoryId>,
  settled: ReadonlySet<number>,
  threshold: number,
): readonly Proposal[] {
  const open: Proposal[] = []
  for (const [index, candidate] of candidates.entries()) {
    if (candidate === undefined || candidate.score < threshold || settled.has(index)) continue
    if (candidate.kind === 'category' && !categories.has(candidate.categoryId)) continue
    if (annotations.some(({ box }) => boxIou(box, candidate.box) >= sameObject)) continue
    open.push({ ...candidate, index })
  }
  return open
}
