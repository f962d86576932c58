import { seededRandom } from '../../random/seeded'
import type { RandomSource } from '../../random/types'
import { bootstrapMean } from './bootstrap-mean'
import { areaUnderCurve, commonRange } from './curve-range'
import { labelSaving, type CurvePair } from './label-saving'
import { penaltyMatrix, type CurvesOfStrategy } from './penalties'
import type {
  ExperimentAxis,
  ExperimentResult,
  ExperimentSettings,
  ExperimentState,
  PairedDifference,
  ReplayRun,
  StrategyCurve,
  StrategyFigures,
  StrategyResult,
} from '../replay/replay-types'
import { isRunOf } from '../replay/shares'

/** What curves can be drawn against. */
export const experimentAxes: readonly ExperimentAxis[] = ['images', 'boxes', 'seconds']

/** Of the bootstrap; any will do as long as it is always the same. */
const bootstrapSeed = 1

/**
 * What the finished runs of an experiment say; the order in which they were computed changes nothing.
 *
 * AULC: over the stretch of the axis that all strategies cover with that seed, so that strategies can be compared; with the
 * seeds that all have finished, for the same reason, those aside that have finished none.
 * Difference to random: over the stretch that the two cover, so that no third strategy has a say in it. By images, where
 * every run labels equally many, both stretches are the whole curve.
 */
export function experimentResult(state: ExperimentState): ExperimentResult {
  const { data, dataDigest, imageKeys, settings, fullPool } = state
  const strategies = settings.strategies.map(({ id }) => ({
    id,
    ...pickedBy(state, id),
    curves: finishedCurves(state, id),
  }))
  const baseline = baselineOf(settings)
  const random = strategies.find(({ id }) => id === baseline)?.curves ?? []
  const target = fullPool && settings.targetFraction * fullPool.ap50
  return {
    data,
    fullPool,
    strategies: strategies.map((strategy) => {
      const on = (axis: ExperimentAxis) => figuresOf(strategy, strategies, random, axis, target)
      const axes = { images: on('images'), boxes: on('boxes'), seconds: on('seconds') }
      return { ...strategy, ...axes.seconds, axes }
    }),
    penalties: {
      images: penaltyMatrix(strategies, 'images'),
      boxes: penaltyMatrix(strategies, 'boxes'),
      seconds: penaltyMatrix(strategies, 'seconds'),
    },
    dataDigest,
    ...(imageKeys && { imageKeys }),
    settings,
  }
}

/** The variant that the others are compared with, `random`. */
export function baselineOf({ strategies }: ExperimentSettings): string | undefined {
  return strategies.find(({ strategyId }) => strategyId === 'random')?.id
}

/** The version of a strategy that picked for its runs; all are of one. */
export function pickedBy({ runs }: ExperimentState, strategy: string): Pick<ReplayRun, 'version'> {
  const version = runs.find((run) => run.strategy === strategy)?.version
  return version === undefined ? {} : { version }
}

/** The curves of a strategy's runs that are at their end, by seed. */
export function finishedCurves(
  { settings, runs }: ExperimentState,
  strategy: string,
): StrategyCurve[] {
  return runs
    .filter((run) => run.strategy === strategy && isRunOf(settings, strategy, run.seed))
    .map(({ seed, rounds }) => ({ seed, points: rounds.flatMap(({ point }) => point ?? []) }))
    .filter(({ points }) => points.length === settings.rounds)
    .sort((a, b) => a.seed - b.seed)
}

/** The seeds that all strategies have finished, those aside that have finished none; an AULC is of these. */
export function sharedSeeds(strategies: readonly Pick<CurvesOfStrategy, 'curves'>[]): number[] {
  const [first, ...others] = strategies
    .map(({ curves }) => curves.map(({ seed }) => seed))
    .filter((seeds) => seeds.length > 0)
  return (first ?? []).filter((seed) => others.every((seeds) => seeds.includes(seed)))
}

function figuresOf(
  { id, curves }: CurvesOfStrategy,
  all: readonly CurvesOfStrategy[],
  random: readonly StrategyCurve[],
  axis: ExperimentAxis,
  target: number | undefined,
): StrategyFigures {
  const source = seededRandom(bootstrapSeed).fork(`${axis} ${id}`)
  const shared = sharedSeeds(all)
  const areas = curves.flatMap(({ seed, points }) => {
    if (!shared.includes(seed)) return []
    const ofSeed = all.flatMap((other) => other.curves.filter((curve) => curve.seed === seed))
    const range = commonRange(
      ofSeed.map((curve) => curve.points),
      axis,
    )
    return range === undefined ? [] : [areaUnderCurve(points, axis, range)]
  })
  const pairs = pairsOf(curves, random)
  return {
    aulc: bootstrapMean(areas, source.fork('aulc')),
    versusRandom: pairedDifference(pairs, axis, source.fork('difference')),
    saving:
      target === undefined || pairs.length === 0
        ? undefined
        : labelSaving(pairs, axis, target, source.fork('saving')),
  }
}

/**
 * Difference of each strategy's AULC to that of the best one on this axis, by strategy: whether a strategy is behind the
 * best by more than the noise; 'best' for that one. Undefined for those without finished runs.
 */
export function differencesToBest(
  { strategies }: ExperimentResult,
  axis: ExperimentAxis,
): ReadonlyMap<string, PairedDifference | 'best' | undefined> {
  const height = ({ axes }: StrategyResult): number => axes[axis].aulc?.mean ?? -Infinity
  const [best] = [...strategies].sort((a, b) => height(b) - height(a))
  return new Map<string, PairedDifference | 'best' | undefined>(
    strategies.map(({ id, curves, axes }) => {
      if (id === best.id) return [id, axes[axis].aulc && 'best']
      const source = seededRandom(bootstrapSeed).fork(`${axis} ${id} ${best.id}`)
      return [id, pairedDifference(pairsOf(curves, best.curves), axis, source)]
    }),
  )
}

function pairsOf(own: readonly StrategyCurve[], others: readonly StrategyCurve[]): CurvePair[] {
  return own.flatMap(({ seed, points }) => {
    const other = others.find((curve) => curve.seed === seed)
    return other === undefined ? [] : [{ own: points, random: other.points }]
  })
}

/** Difference of the AULC to random's, seed by seed. */
export function pairedDifference(
  pairs: readonly CurvePair[],
  axis: ExperimentAxis,
  source: RandomSource,
): PairedDifference | undefined {
  const differences = pairs.flatMap(({ own, random }) => {
    const range = commonRange([own, random], axis)
    if (range === undefined) return []
    return [areaUnderCurve(own, axis, range) - areaUnderCurve(random, axis, range)]
  })
  const interval = bootstrapMean(differences, source)
  if (interval === undefined) return undefined
  const { mean, low, high } = interval
  const wins = differences.filter((difference) => difference > 0).length
  return { delta: mean, low, high, wins, n: differences.length }
}
