import type { AnnotationId } from '../../core/dataset/types'

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

/** What to select of the proposals that stay: the one after those that go, else the first, so that deciding goes on. */
export function targetAfter(
  proposals: readonly { readonly index: number }[],
  going: readonly { readonly index: number }[],
): Target | undefined {
  const gone = new Set(going.map(({ index }) => index))
  const stays = ({ index }: { readonly index: number }): boolean => !gone.has(index)
  const last = proposals.findLastIndex(({ index }) => gone.has(index))
  const next = proposals.slice(last + 1).find(stays) ?? proposals.find(stays)
  return next && { kind: 'proposal', index: next.index }
}
