import type { ExperimentSettings, ExperimentState } from './replay-types'

/** In what two settings differ, as text for a message, and what each has. */
export interface SettingDifference {
  readonly name: string
  readonly values: readonly [unknown, unknown]
}

/**
 * The first setting that makes runs of one different from runs of the other; undefined where each would compute what the
 * other did. Strategies, seeds and the target may differ: a run depends on no other one.
 */
export function runDifference(
  a: ExperimentSettings,
  b: ExperimentSettings,
): SettingDifference | undefined {
  return firstDifference(protocolOf(a), protocolOf(b)) ?? variantDifference(a, b)
}

/** The difference in the target, which changes figures but no run. */
export function targetDifference(
  a: ExperimentSettings,
  b: ExperimentSettings,
): SettingDifference | undefined {
  return firstDifference({ targetFraction: a.targetFraction }, { targetFraction: b.targetFraction })
}

/** What every point of a curve depends on, by the name of the setting. */
function protocolOf(settings: ExperimentSettings): Readonly<Record<string, unknown>> {
  const { initial, batch, rounds, model, stepsPerImage, cost } = settings
  const named = (group: string, values: object): [string, unknown][] =>
    Object.entries(values).map(([name, value]: [string, unknown]) => [`${group}.${name}`, value])
  return {
    initial,
    batch,
    rounds,
    stepsPerImage,
    ...Object.fromEntries([...named('model', model), ...named('cost', cost)]),
  }
}

function firstDifference(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): SettingDifference | undefined {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const name = names.find((candidate) => !isSame(a[candidate], b[candidate]))
  return name === undefined ? undefined : { name: `'${name}'`, values: [a[name], b[name]] }
}

function variantDifference(
  a: ExperimentSettings,
  b: ExperimentSettings,
): SettingDifference | undefined {
  for (const { id, strategyId, parameters } of a.strategies) {
    const other = b.strategies.find((candidate) => candidate.id === id)
    if (other === undefined) continue
    if (other.strategyId !== strategyId || !isSame(other.parameters, parameters))
      return { name: `the parameters of '${id}'`, values: [parameters, other.parameters] }
  }
  return undefined
}

/** Why runs of two experiments are on different data, as a sentence; undefined where the data are the same. */
export function dataDifference(a: ExperimentState, b: ExperimentState): string | undefined {
  if (a.dataDigest === b.dataDigest) return undefined
  if (a.imageKeys !== b.imageKeys)
    return (
      "One of them is a notebook's, where images are drawn by their content and the test split is the project's; the other " +
      'is of the command, which draws by the names of the files: with the same seed they begin with other images and measure ' +
      'on others. Run both in the same place.'
    )
  return a.data === b.data
    ? `Images, labels or the test split of ${a.data} are different ones.`
    : `One is of ${a.data}, the other of ${b.data}.`
}

/** Equal as JSON, whatever the order of the keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(Reflect.get(a, key), Reflect.get(b, key)))
}
