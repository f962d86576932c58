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
 * The label saving at a target: 1 - n_strategy / n_random, of a single seed; of several, with the geometric mean of their
 * ratios, which is turned over when the two change sides. Of ratios nothing else is fair (Fleming & Wallace 1986): by the
 * arithmetic mean of one seed in half the time and one in twice the time, each of the two would need a quarter more than
 * the other, and chance alone would look like a loss.
 *
 * Where one of the two does not reach the target, it is taken to reach it at the end of its curve: the figure is a bound, and
 * tells which of the two was faster. Where the other one takes longer than that it tells nothing, as where neither reaches
 * the target or one of them needs nothing at all; such seeds are not in the mean.
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
  const logRatios = efforts.flatMap((pair) => logRatio(pair) ?? [])
  const interval = bootstrapMean(logRatios, random)
  const savingAt = (log: number | undefined): number | undefined =>
    // 1 - exp(log), exact near 0; no saving is 0, not -0.
    log === undefined ? undefined : 0 - Math.expm1(log)
  return {
    target,
    mean: savingAt(interval?.mean),
    low: savingAt(interval?.high),
    high: savingAt(interval?.low),
    n: logRatios.length,
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

/** ln(n_strategy / n_random); undefined where nothing is known of it. */
function logRatio({ own, random }: Readonly<Record<'own' | 'random', Effort>>): number | undefined {
  const isKnown = own.isReached
    ? random.isReached || own.amount < random.amount
    : random.isReached && random.amount < own.amount
  return isKnown && own.amount > 0 && random.amount > 0
    ? Math.log(own.amount / random.amount)
    : undefined
}
