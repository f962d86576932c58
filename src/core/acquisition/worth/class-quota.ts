import type { CategoryId } from '../../dataset/types'
import type { RandomSource } from '../../random/types'

/**
 * Shares a batch out among classes in proportion to their weights, in whole images, by largest remainder. Equal remainders
 * are ordered by the seed. All weights 0 count as all equal. Give only classes that an
 * image can be had of: what goes to another is lost to those.
 *
 * @param weights 0 or more; their order has to be the same whenever the picks have to be
 * @returns for the same classes; sums to `total`, to 0 without classes
 */
export function classBudgets(
  weights: ReadonlyMap<CategoryId, number>,
  total: number,
  random: RandomSource,
): Map<CategoryId, number> {
  const classes = random.fork('quota').shuffle([...weights.keys()])
  const own = classes.map((categoryId) => weights.get(categoryId) ?? 0)
  const sum = own.reduce((all, weight) => all + weight, 0)
  const exact = own.map((weight) => (total * (sum > 0 ? weight : 1)) / (sum > 0 ? sum : own.length))
  const budgets = exact.map(Math.floor)
  const left = classes.length === 0 ? 0 : total - budgets.reduce((all, budget) => all + budget, 0)
  // The sort is stable: equal remainders keep the shuffled order.
  const order = [...exact.keys()].sort((a, b) => exact[b] - budgets[b] - (exact[a] - budgets[a]))
  for (const index of order.slice(0, left)) budgets[index]++
  return new Map(classes.map((categoryId, index) => [categoryId, budgets[index]]))
}

/**
 * Picks `count` items under budgets for their classes: as long as an item of a class with some budget left can be had, only
 * such are allowed; then all.
 *
 * @param classes of each item; no budget admits an item of none, or of a class without a budget
 * @param next the best item among those allowed and not picked yet, undefined when there is none
 */
export function pickWithinBudgets<Pick extends { readonly index: number }>(
  classes: readonly (CategoryId | undefined)[],
  budgets: ReadonlyMap<CategoryId, number>,
  count: number,
  next: (isAllowed: (index: number) => boolean) => Pick | undefined,
): Pick[] {
  const left = new Map(budgets)
  const leftOf = (index: number): number => {
    const own = classes[index]
    return own === undefined ? 0 : (left.get(own) ?? 0)
  }
  const picks: Pick[] = []
  while (picks.length < count) {
    const pick = next((index) => leftOf(index) > 0) ?? next(() => true)
    if (pick === undefined) break
    const own = classes[pick.index]
    if (own !== undefined) left.set(own, leftOf(pick.index) - 1)
    picks.push(pick)
  }
  return picks
}
