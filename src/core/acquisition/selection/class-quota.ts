/**
 * Shares a batch out among classes in proportion to their weights, in whole images, by largest remainder; of equal
 * remainders the first class gets the image. All weights 0 count as all equal.
 *
 * @param weights 0 or more
 * @returns parallel to the weights; sums to `total`, to 0 without classes
 */
export function classBudgets(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const exact = weights.map(
    (weight) => (total * (sum > 0 ? weight : 1)) / (sum > 0 ? sum : weights.length),
  )
  const budgets = exact.map(Math.floor)
  const left = weights.length === 0 ? 0 : total - budgets.reduce((all, budget) => all + budget, 0)
  const order = [...exact.keys()].sort(
    (a, b) => exact[b] - budgets[b] - (exact[a] - budgets[a]) || a - b,
  )
  for (const index of order.slice(0, left)) budgets[index]++
  return budgets
}

/**
 * Picks `count` items under budgets for their classes: as long as an item of a class with some budget left can be had, only
 * such are allowed; then all.
 *
 * @param classes of each item, an index into the budgets; undefined for an item of no class, which no budget admits
 * @param next the best item among those allowed and not picked yet, undefined when there is none
 */
export function pickWithinBudgets<Pick extends { readonly index: number }>(
  classes: readonly (number | undefined)[],
  budgets: readonly number[],
  count: number,
  next: (isAllowed: (index: number) => boolean) => Pick | undefined,
): Pick[] {
  const left = [...budgets]
  const picks: Pick[] = []
  while (picks.length < count) {
    const withinBudget = (index: number) => {
      const own = classes[index]
      return own !== undefined && left[own] > 0
    }
    const pick = next(withinBudget) ?? next(() => true)
    if (pick === undefined) break
    const own = classes[pick.index]
    if (own !== undefined) left[own]--
    picks.push(pick)
  }
  return picks
}
