import type { CategoryId } from '../dataset/types'
import { mean } from '../numeric/quantiles'
import { precisionEnvelope } from '../evaluation/accumulate'
import type { JudgedCase } from './judged-case'

/** A detection's place in the ranking of its category. */
export interface RankedOutcome {
  readonly categoryId: CategoryId
  readonly score: number
  readonly correct: boolean
}

/** Everything that AP50 depends on. */
export interface Ranking {
  /** Without what lies in crowd regions. */
  readonly outcomes: readonly RankedOutcome[]
  /** Objects to be found of each category. */
  readonly positives: ReadonlyMap<CategoryId, number>
}

export function rankingOf(
  cases: readonly JudgedCase[],
  categories: readonly CategoryId[],
): Ranking {
  const positives = new Map(categories.map((id) => [id, 0]))
  for (const { truth } of cases) {
    for (const { categoryId, crowd } of truth) {
      if (!crowd) positives.set(categoryId, (positives.get(categoryId) ?? 0) + 1)
    }
  }
  const outcomes = cases.flatMap(({ detections, findings }) =>
    detections.flatMap(({ categoryId, score }, place): RankedOutcome[] => {
      const { kind } = findings[place]
      return kind === 'crowd' ? [] : [{ categoryId, score, correct: kind === 'object' }]
    }),
  )
  return { outcomes, positives }
}

/** Precision at `RECALL_POINTS` of each category that has something to find, in category order. */
export function precisionCurves({
  outcomes,
  positives,
}: Ranking): ReadonlyMap<CategoryId, Float64Array> {
  const byCategory = new Map<CategoryId, RankedOutcome[]>()
  for (const outcome of outcomes) {
    const own = byCategory.get(outcome.categoryId)
    if (own) own.push(outcome)
    else byCategory.set(outcome.categoryId, [outcome])
  }
  const curves = new Map<CategoryId, Float64Array>()
  for (const [categoryId, count] of positives) {
    if (count === 0) continue
    const own = (byCategory.get(categoryId) ?? []).sort((a, b) => b.score - a.score)
    const flags = Uint8Array.from(own, ({ correct }) => (correct ? 1 : 0))
    curves.set(categoryId, precisionEnvelope(flags, count).precision)
  }
  return curves
}

/** AP50 averaged over the categories that have something to find. */
export function averagePrecision50(ranking: Ranking): number | undefined {
  const figures = [...precisionCurves(ranking).values()].map(mean)
  return figures.length === 0 ? undefined : mean(figures)
}
