export interface KCentrePick {
  readonly index: number
  /** From the nearest centre at the time it was picked, in the unit of the distances given. */
  readonly distance: number
}

/**
 * Greedy k-centre (farthest-first traversal; Gonzalez 1985, as used by Sener & Savarese 2018): again and again the item
 * farthest from every centre so far becomes one itself. The largest distance of an item to its centre is at most twice the
 * smallest that any choice could reach. Of equally far items the first is taken.
 *
 * @param nearest of each item, its distance to the nearest centre there is already; lowered in place
 * @param lower lowers `nearest` to the distances to a new centre, given by its index
 * @param first what to pick first, where there is no centre yet; the first item without it
 * @returns at most `count` items, by falling distance
 */
export function greedyKCentre(
  nearest: Float64Array,
  count: number,
  lower: (nearest: Float64Array, picked: number) => void,
  first?: number,
): KCentrePick[] {
  const isPicked = new Uint8Array(nearest.length)
  const picks: KCentrePick[] = []
  while (picks.length < Math.min(count, nearest.length)) {
    const index = picks.length === 0 && first !== undefined ? first : farthest(nearest, isPicked)
    isPicked[index] = 1
    picks.push({ index, distance: nearest[index] })
    lower(nearest, index)
  }
  return picks
}

/** @param isPicked not of all */
function farthest(nearest: Float64Array, isPicked: Uint8Array): number {
  let index = isPicked.indexOf(0)
  for (let i = index + 1; i < nearest.length; i++) {
    if (isPicked[i] === 0 && nearest[i] > nearest[index]) index = i
  }
  return index
}
