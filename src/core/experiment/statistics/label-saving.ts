import type { RandomSource } from '../../random/types'
import { bootstrapMean } from './bootstrap-mean'
import { isotonicFit } from '../../numeric/isotonic-fit'
import type { ExperimentAxis, ExperimentPoint, LabelSaving } from '../replay/replay-types'

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
 * Where one of the two does not reach the target, the two are compared as far as it goes: it is taken to be there at its end,
 * and the other one too, if that takes longer or is not known. The figure then is a bound, towards 0, and no seed is left
 * out: those that tell most would be those where the strategy was fast. Where no seed tells which of the two was faster,
 * nothing is known; nor is anything of a seed in which one of them needs nothing at all.
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
  const told = efforts.filter(({ own, random: other }) => own.amount > 0 && other.amount > 0)
  const isKnown = told.some(tellsTheFaster)
  const interval = isKnown ? bootstrapMean(told.map(logRatio), random) : undefined
  const savingAt = (log: number | undefined): number | undefined =>
    // 1 - exp(log), exact near 0; no saving is 0, not -0.
    log === undefined ? undefined : 0 - Math.expm1(log)
  return {
    target,
    mean: savingAt(interval?.mean),
    low: savingAt(interval?.high),
    high: savingAt(interval?.low),
    notReached: efforts.filter(({ own, random: other }) => !(own.isReached && other.isReached))
      .length,
  }
}

interface Effort {
  readonly isReached: boolean
  /** To the target, or else to the end of the curve. */
  readonly amount: number
}

type EffortPair = Readonly<Record<'own' | 'random', Effort>>

function effortTo(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  target: number,
): Effort {
  const needed = effortAt(points, axis, target)
  return { isReached: needed !== undefined, amount: needed ?? points.at(-1)?.[axis] ?? 0 }
}

/** Whether both reach the target, or the one that does is there before the other ends. */
function tellsTheFaster({ own, random }: EffortPair): boolean {
  return own.isReached
    ? random.isReached || own.amount < random.amount
    : random.isReached && random.amount < own.amount
}

/** ln(n_strategy / n_random); 0 where the two are alike as far as both go. */
function logRatio(pair: EffortPair): number {
  return tellsTheFaster(pair) ? Math.log(pair.own.amount / pair.random.amount) : 0
}
