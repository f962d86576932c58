import type { ExperimentSettings, ExperimentState, ReplayRun } from './replay-types'

/**
 * Puts parts of an experiment together: shards of it, or experiments on the same data that differ in strategies and seeds
 * only. The order of the parts changes nothing but that of strategies which not all parts have.
 * @throws Error when there is none, they differ in data or protocol, or contradict each other
 */
export function mergeExperiments(parts: readonly ExperimentState[]): ExperimentState {
  if (parts.length === 0) throw new Error('Merge: there is nothing to merge; give two results.')
  return parts.reduce(mergeTwo)
}

function mergeTwo(a: ExperimentState, b: ExperimentState): ExperimentState {
  if (a.dataDigest !== b.dataDigest)
    throw new Error(
      `Merge: the results are of different data (${a.data}, ${b.data}, or other labels or test splits of one).`,
    )
  const settings = mergeSettings(a.settings, b.settings)
  if (a.fullPool && b.fullPool && !isSame(a.fullPool, b.fullPool))
    throw new Error(
      `Merge: the results disagree on what the full pool gives (AP50 ${a.fullPool.ap50} and ${b.fullPool.ap50}); ` +
        'run all shards with one version on one kind of machine.',
    )
  return {
    data: a.data,
    dataDigest: a.dataDigest,
    settings,
    fullPool: a.fullPool ?? b.fullPool,
    runs: mergeRuns(a.runs, b.runs),
  }
}

function mergeSettings(a: ExperimentSettings, b: ExperimentSettings): ExperimentSettings {
  const { strategies, seeds, ...protocol } = a
  const { strategies: others, seeds: otherSeeds, ...otherProtocol } = b
  for (const [name, value] of Object.entries(protocol)) {
    const other: unknown = Object.entries(otherProtocol).find(([key]) => key === name)?.[1]
    if (!isSame(value, other))
      throw new Error(
        `Merge: the results differ in '${name}': ${JSON.stringify(value)} and ${JSON.stringify(other)}.`,
      )
  }
  const added = others.filter((other) => {
    const own = strategies.find(({ id }) => id === other.id)
    if (own !== undefined && !isSame(own, other))
      throw new Error(`Merge: '${other.id}' has different parameters in the results.`)
    return own === undefined
  })
  return {
    ...a,
    strategies: [...strategies, ...added],
    seeds: [...new Set([...seeds, ...otherSeeds])].sort((x, y) => x - y),
  }
}

/** Of a run that is in both, what got further. @throws Error when they differ as far as both got */
function mergeRuns(a: readonly ReplayRun[], b: readonly ReplayRun[]): readonly ReplayRun[] {
  const merged = new Map(a.map((run) => [runKey(run), run]))
  for (const run of b) {
    const known = merged.get(runKey(run))
    const [further, shorter] =
      known !== undefined && known.rounds.length > run.rounds.length ? [known, run] : [run, known]
    const contradicts = shorter?.rounds.some(
      ({ point }, index) => point !== undefined && !isSame(point, further.rounds[index].point),
    )
    if (contradicts === true)
      throw new Error(
        `Merge: the results disagree on '${run.strategy}' with seed ${run.seed}; run all shards with one ` +
          'version on one kind of machine.',
      )
    merged.set(runKey(run), further)
  }
  return [...merged.values()]
}

function runKey({ strategy, seed }: ReplayRun): string {
  return `${seed} ${strategy}`
}

/** Equal as JSON, whatever the order of the keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(Reflect.get(a, key), Reflect.get(b, key)))
}
