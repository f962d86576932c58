import type { Box } from './box'
import { boxIou } from './overlap'

export interface ScoredBox {
  readonly box: Box
  readonly score: number
  /** Boxes of different groups (classes) never suppress each other. */
  readonly group: string | number
}

/**
 * Greedy non-maximum suppression within each group: the indices of the boxes kept, score descending.
 * A box goes when its IoU with a kept box of its group exceeds `maxIou`. Equal scores keep input order.
 */
export function nonMaximumSuppression(
  boxes: readonly ScoredBox[],
  maxIou: number,
  limit: number,
): number[] {
  const order = boxes.map((candidate, index) => ({ candidate, index }))
  order.sort((a, b) => b.candidate.score - a.candidate.score || a.index - b.index)
  const keptBoxes = new Map<string | number, Box[]>()
  const kept: number[] = []
  for (const { candidate, index } of order) {
    if (kept.length >= limit) break
    const rivals = keptBoxes.get(candidate.group) ?? []
    if (rivals.some((rival) => boxIou(rival, candidate.box) > maxIou)) continue
    rivals.push(candidate.box)
    keptBoxes.set(candidate.group, rivals)
    kept.push(index)
  }
  return kept
}
