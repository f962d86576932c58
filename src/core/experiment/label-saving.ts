import type { RandomSource } from '../random/types'
import { bootstrapMean } from './bootstrap'
import { isotonicFit } from './isotonic-fit'
import type { ExperimentAxis, ExperimentPoint, LabelSaving } from './replay-types'

/** Curves of one seed. */
export interface CurvePair {
  readonly own: readonly ExperimentPoint[]
  readonly random: readonly ExperimentPoint[]
}

/**
 * What it takes to reach an AP50, linear between the rounds of the isotonic fit of the curve: a lucky round does not
 * count for more than what followed it. Undefined when the curve does not get there.
 */
export function effortAt(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  target: number,
): number | undefined {
  const fitted = isotonicFit(points.map(({ ap50 }) => ap50))
  const after = fitted.findIndex((value) => value >= target)
  if (after < 0) return undefined
  if (after === 0) return points[0][axis]
  const share = (target - fitted[after - 1]) / (fitted[after] - fitted[after - 1])
  return points[after - 1][axis] + share * (points[after][axis] - points[after - 1][axis])
}

/**
 * The label saving at a target, 1 - n_strategy / n_random, seed by seed. Where random does not reach the target, but the
 * strategy does with less than all that random was given, random is taken to reach it at its end: the saving is at least
 * that. Where the strategy does not reach it, or random does not and the strategy only with more, the saving is not known
 * and the seed is counted as not reached; such seeds are not in the mean, which they would lower.
 */
export function labelSaving(
  pairs: readonly CurvePair[],
  axis: ExperimentAxis,
  target: number,
  random: RandomSource,
): LabelSaving {
  const savings = pairs.flatMap((pair) => savingOf(pair, axis, target) ?? [])
  const interval = bootstrapMean(savings, random)
  return {
    target,
    mean: interval?.mean,
    low: interval?.low,
    high: interval?.high,
    notReached: pairs.length - savings.length,
  }
}

function savingOf(
  { own, random }: CurvePair,
  axis: ExperimentAxis,
  target: number,
): number | undefined {
  const needed = effortAt(own, axis, target)
  const reached = effortAt(random, axis, target)
  if (needed === undefined) return undefined
  if (reached !== undefined) return 1 - needed / reached
  const end = random.at(-1)?.[axis] ?? 0
  return needed <= end ? 1 - needed / end : undefined
}
