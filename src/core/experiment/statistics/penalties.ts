import { commonRange, precisionAt } from './curve-range'
import type { ExperimentAxis, PenaltyMatrix, StrategyCurve } from '../replay/replay-types'
import { pairedTTest } from './student-t'

const significance = 0.05

/** The curves of one strategy. */
export interface CurvesOfStrategy {
  readonly id: string
  readonly curves: readonly StrategyCurve[]
}

/**
 * The pairwise penalty matrix (Ash et al. 2020, BADGE): at every budget a paired t-test over the seeds that two strategies
 * have in common; a significant loss (p < 0.05) is worth 1 / budgets. The budgets of a seed lie evenly on the stretch of
 * the axis that all its curves cover, one for each query; by images these are the rounds. The common start is none.
 * Of fewer than two common seeds a t-test says nothing: no figure. Nor is there one where no query was made.
 */
export function penaltyMatrix(
  strategies: readonly CurvesOfStrategy[],
  axis: ExperimentAxis,
): PenaltyMatrix {
  const heights = strategies.map(() => new Map<number, readonly number[]>())
  const seeds = new Set(strategies.flatMap(({ curves }) => curves.map(({ seed }) => seed)))
  for (const seed of seeds) {
    const curves = strategies.map(
      (strategy) => strategy.curves.find((curve) => curve.seed === seed)?.points,
    )
    const present = curves.filter((points) => points !== undefined)
    const range = commonRange(present, axis)
    const budgets = Math.min(...present.map((points) => points.length)) - 1
    if (range === undefined) continue
    const places = Array.from(
      { length: budgets },
      (_, index) => range.from + ((index + 1) / budgets) * (range.to - range.from),
    )
    curves.forEach((points, index) => {
      if (points === undefined) return
      heights[index].set(
        seed,
        places.map((place) => precisionAt(points, axis, place)),
      )
    })
  }
  return {
    strategies: strategies.map(({ id }) => id),
    losses: heights.map((loser) => heights.map((winner) => shareOfLosses(loser, winner))),
  }
}

/** The mean of a strategy's losses to the others, less is better; undefined where none is known. */
export function meanPenalty({ losses }: PenaltyMatrix, strategy: number): number | undefined {
  const known = losses[strategy].filter((loss, winner) => winner !== strategy && loss !== undefined)
  if (known.length === 0) return undefined
  return known.reduce<number>((sum, loss) => sum + (loss ?? 0), 0) / known.length
}

/** @param loser heights at the budgets, by seed */
function shareOfLosses(
  loser: ReadonlyMap<number, readonly number[]>,
  winner: ReadonlyMap<number, readonly number[]>,
): number | undefined {
  const pairs = [...loser].flatMap(([seed, own]) => {
    const other = winner.get(seed)
    return other === undefined ? [] : [own.map((height, budget) => other[budget] - height)]
  })
  const budgets = Math.min(...pairs.map((differences) => differences.length))
  if (pairs.length < 2 || budgets === 0) return undefined
  const lost = Array.from({ length: budgets }, (_, budget) => {
    const differences = pairs.map((pair) => pair[budget])
    const p = pairedTTest(differences)
    const sum = differences.reduce((total, value) => total + value, 0)
    return p !== undefined && p < significance && sum > 0
  }).filter(Boolean)
  return lost.length / budgets
}
