import type {
  ExperimentSettings,
  ExperimentState,
  ReplayRun,
  StrategyVariant,
} from './replay-types'
import { dataDifference, isSame, runDifference, targetDifference } from './setting-differences'
import { seedsOf } from './shares'

/**
 * Puts parts of an experiment together: shards of it, or experiments on the same data that differ in strategies and seeds
 * only; a strategy then has the seeds that it has in any of them. The order of the parts changes nothing but that of
 * strategies which not all parts have.
 * @throws Error when there is none, they differ in data or protocol, or contradict each other
 */
export function mergeExperiments(parts: readonly ExperimentState[]): ExperimentState {
  if (parts.length === 0) throw new Error('Merge: there is nothing to merge; give two results.')
  return parts.reduce(mergeTwo)
}

function mergeTwo(a: ExperimentState, b: ExperimentState): ExperimentState {
  const reason = dataDifference(a, b)
  if (reason !== undefined) throw new Error(`Merge: the results are of different data. ${reason}`)
  const settings = mergeSettings(a.settings, b.settings)
  if (a.fullPool && b.fullPool && !isSame(a.fullPool, b.fullPool))
    throw new Error(
      `Merge: the results disagree on what the full pool gives (AP50 ${a.fullPool.ap50} and ${b.fullPool.ap50}); ` +
        'compute all parts with one version on one kind of machine.',
    )
  return {
    // One data set may go by two names; the order of the parts must not decide.
    data: a.data <= b.data ? a.data : b.data,
    dataDigest: a.dataDigest,
    ...(a.imageKeys && { imageKeys: a.imageKeys }),
    settings,
    fullPool: a.fullPool ?? b.fullPool,
    runs: mergeRuns(a.runs, b.runs),
  }
}

function mergeSettings(a: ExperimentSettings, b: ExperimentSettings): ExperimentSettings {
  const difference = runDifference(a, b) ?? targetDifference(a, b)
  if (difference !== undefined) {
    const [first, second] = difference.values.map((value) => JSON.stringify(value) ?? 'nothing')
    throw new Error(`Merge: the results differ in ${difference.name}: ${first} and ${second}.`)
  }
  const seeds = isSame(a.seeds, b.seeds) ? a.seeds : union(a.seeds, b.seeds)
  const added = b.strategies.filter(({ id }) => !a.strategies.some((own) => own.id === id))
  const strategies = [...a.strategies, ...added].map((variant) => {
    const { id, strategyId, parameters }: StrategyVariant = variant
    // In the order of the experiment's seeds, as the parts have them.
    const known = new Set([...seedsOf(a, id), ...seedsOf(b, id)])
    const own = seeds.filter((seed) => known.has(seed))
    return { id, strategyId, parameters, ...(own.length < seeds.length && { seeds: own }) }
  })
  return { ...a, strategies, seeds }
}

/** Ascending. */
function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y)
}

/** @throws Error when a strategy picked in one version for runs of the one, in another for runs of the other, whatever their seeds */
function checkVersions(a: readonly ReplayRun[], b: readonly ReplayRun[]): void {
  const versions = new Map(a.map(({ strategy, version = 1 }) => [strategy, version]))
  for (const { strategy, version = 1 } of b) {
    const known = versions.get(strategy) ?? version
    if (known !== version)
      throw new Error(
        `Merge: the results are of different versions of '${strategy}': ${known} and ${version}; ` +
          'compute the older one anew.',
      )
  }
}

/**
 * Of a run that is in both, what got further.
 * @throws Error when they differ as far as both got, or in the version of a strategy
 */
function mergeRuns(a: readonly ReplayRun[], b: readonly ReplayRun[]): readonly ReplayRun[] {
  checkVersions(a, b)
  const merged = new Map(a.map((run) => [runKey(run), run]))
  for (const run of b) {
    const known = merged.get(runKey(run))
    if (known !== undefined && contradicts(known, run))
      throw new Error(
        `Merge: the results disagree on '${run.strategy}' with seed ${run.seed}; compute all parts with one ` +
          'version on one kind of machine.',
      )
    merged.set(runKey(run), known === undefined ? run : further(known, run))
  }
  return [...merged].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, run]) => run)
}

function contradicts(a: ReplayRun, b: ReplayRun): boolean {
  return a.rounds.some(({ picks, point }, index) => {
    const other = b.rounds.at(index)
    if (other === undefined) return false
    // Results do not tell which images were picked.
    const bothPicked = picks.length > 0 && other.picks.length > 0
    return (
      (bothPicked && !isSame(picks, other.picks)) ||
      (point !== undefined && other.point !== undefined && !isSame(point, other.point))
    )
  })
}

/** The run of which more was trained; of two equals, the one that tells more of what was picked. */
function further(a: ReplayRun, b: ReplayRun): ReplayRun {
  const extent = ({ rounds }: ReplayRun): readonly number[] => [
    rounds.filter(({ point }) => point !== undefined).length,
    rounds.filter(({ picks }) => picks.length > 0).length,
  ]
  const [trained, picked] = extent(a)
  const [otherTrained, otherPicked] = extent(b)
  return trained > otherTrained || (trained === otherTrained && picked >= otherPicked) ? a : b
}

function runKey({ strategy, seed }: ReplayRun): string {
  return `${seed} ${strategy}`
}
