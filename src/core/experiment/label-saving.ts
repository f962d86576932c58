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
 * The label saving at a target, 1 - n_strategy / n_random, seed by seed. Where one of the two does not reach the target, it
 * is taken to reach it at the end of its curve, and the figure is a bound: the saving is at least that where it is random,
 * at most that where it is the strategy. Both kinds are in the mean, so that it leans to neither side, and are counted as
 * not reached. So are seeds where neither reaches the target; nothing is known of them and they are not in the mean.
 * Nor are seeds where random needs nothing at all.
 */
export function labelSaving(
  pairs: readonly CurvePair[],
  axis: ExperimentAxis,
  target: number,
  random: RandomSource,
): LabelSaving {
  const efforts = pairs.map(({ own, random: other }) => ({
    own: effortTo(own, axis, target),
    random: effortTo(other, axis, target),
  }))
  const savings = efforts.flatMap((pair) => savingOf(pair) ?? [])
  const interval = bootstrapMean(savings, random)
  return {
    target,
    mean: interval?.mean,
    low: interval?.low,
    high: interval?.high,
    notReached: efforts.filter(({ own, random: other }) => !(own.isReached && other.isReached))
      .length,
  }
}

interface Effort {
  readonly isReached: boolean
  /** To the target, or else to the end of the curve. */
  readonly amount: number
}

function effortTo(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  target: number,
): Effort {
  const needed = effortAt(points, axis, target)
  return { isReached: needed !== undefined, amount: needed ?? points.at(-1)?.[axis] ?? 0 }
}

function savingOf({ own, random }: Readonly<Record<'own' | 'random', Effort>>): number | undefined {
  const isKnown = (own.isReached || random.isReached) && random.amount > 0
  return isKnown ? 1 - own.amount / random.amount : undefined
}
