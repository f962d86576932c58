import type { AnnotationId } from '../core/dataset/types'

/** What can be selected or pointed at: a box of the open image, or a proposal by its index. */
export type Target =
  | { readonly kind: 'annotation'; readonly id: AnnotationId }
  | { readonly kind: 'proposal'; readonly index: number }

/** True for the same target, and for none twice. */
export function sameTarget(a: Target | undefined, b: Target | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.kind === 'annotation') return b.kind === 'annotation' && a.id === b.id
  return b.kind === 'proposal' && a.index === b.index
}
