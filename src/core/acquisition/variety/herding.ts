import { squaredDistancesTo, type FeatureMatrix } from '../../numeric/matrix'

/** What a batch is to cover, and with what. Similarity is K(a, b) = exp(-|a - b|^2 / (2 sigma^2)). */
export interface CoverageProblem {
  /** The rows that may be chosen. */
  readonly candidates: FeatureMatrix
  /** The rows to be covered. */
  readonly population: FeatureMatrix
  /** How much covering each row of the population is worth, 0 or more. */
  readonly utilities: Float64Array
  /** Rows that cover from the start: the labelled images. */
  readonly covering: FeatureMatrix
  /** sigma^2 of the kernel, above 0. */
  readonly variance: number
  /** What each candidate costs, above 0: gains are divided by it. All cost the same without it. */
  readonly costs?: Float64Array
}

export interface HerdingPick {
  /** Row of the candidates. */
  readonly index: number
  /** Mean over the population of utility x the similarity it added, divided by its cost. */
  readonly gain: number
  /** Rows of the population to which it is nearer than all that covered before. */
  readonly standsFor: number
}

/**
 * Greedy herding (MaxHerding and UHerding; Bae et al. 2024, 2025): each call picks the candidate that adds most to the
 * mean over x of u(x) max_c K(x, c), c being what covers so far. Of equal candidates the first is taken.
 *
 * A gain can only fall while others are picked, so one from an earlier call bounds the present one and most need not be
 * computed again (lazy greedy; Minoux 1978); the picks are those of the exhaustive search. Kernel rows are computed when
 * they are needed and never kept: memory grows with candidates + population, not with their product.
 *
 * @returns a function that makes the next pick among the candidates allowed, undefined when none is left
 * @throws RangeError when the variance is not above 0
 */
export function greedyHerding(
  problem: CoverageProblem,
): (isAllowed?: (index: number) => boolean) => HerdingPick | undefined {
  const { candidates, population, utilities, covering, variance, costs } = problem
  if (!(variance > 0)) {
    throw new RangeError(`greedyHerding: the kernel's variance is ${variance}; it must be above 0.`)
  }
  // The kernel only falls with the distance, but two distances may share one value of it far away: compare by distance.
  const nearest = new Float64Array(population.rows).fill(Infinity)
  const covered = new Float64Array(population.rows)
  const distances = new Float64Array(population.rows)
  const cover = (by: FeatureMatrix, row: number): number => {
    squaredDistancesTo(population, by, row, distances)
    let count = 0
    for (let x = 0; x < population.rows; x++) {
      const distance = distances[x]
      if (distance >= nearest[x]) continue
      nearest[x] = distance
      covered[x] = Math.exp(-distance / (2 * variance))
      count++
    }
    return count
  }
  for (let row = 0; row < covering.rows; row++) cover(covering, row)

  const gainOf = (candidate: number): number => {
    squaredDistancesTo(population, candidates, candidate, distances)
    let sum = 0
    for (let x = 0; x < population.rows; x++) {
      const distance = distances[x]
      if (distance >= nearest[x]) continue
      sum += utilities[x] * (Math.exp(-distance / (2 * variance)) - covered[x])
    }
    return sum / Math.max(1, population.rows) / (costs?.[candidate] ?? 1)
  }

  const bounds = Float64Array.from({ length: candidates.rows }, (_, index) => gainOf(index))
  const isPicked = new Uint8Array(candidates.rows)
  const isFresh = new Uint8Array(candidates.rows).fill(1)
  return (isAllowed = () => true) => {
    const open: number[] = []
    for (let index = 0; index < candidates.rows; index++) {
      if (isPicked[index] === 0 && isAllowed(index)) open.push(index)
    }
    if (open.length === 0) return undefined
    for (;;) {
      let best = open[0]
      for (const index of open) if (bounds[index] > bounds[best]) best = index
      if (isFresh[best] === 1) {
        isPicked[best] = 1
        isFresh.fill(0)
        return { index: best, gain: bounds[best], standsFor: cover(candidates, best) }
      }
      bounds[best] = gainOf(best)
      isFresh[best] = 1
    }
  }
}

/** What `next` picks, until there are `count` or none is left. */
export function pickUpTo<Pick>(count: number, next: () => Pick | undefined): Pick[] {
  const picks: Pick[] = []
  while (picks.length < count) {
    const pick = next()
    if (pick === undefined) break
    picks.push(pick)
  }
  return picks
}
