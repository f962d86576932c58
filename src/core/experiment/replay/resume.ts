import { mergeExperiments } from './merge'
import type { ExperimentSettings, ExperimentState, ReplayRun } from './replay-types'
import { dataDifference, runDifference } from './setting-differences'
import { isRunOf } from './shares'
import { versionIn } from './units'

/** An experiment that was computed earlier. */
export interface NamedExperiment {
  /** Of its file, for messages. */
  readonly name: string
  readonly state: ExperimentState
}

/**
 * The new experiment with what was computed before, where data and protocol are the same; strategies, seeds and the target
 * may differ. Runs that it does not ask for are kept for when it does again, those that an earlier version of their strategy
 * picked for are not. Undefined when nothing can be taken over.
 */
export function resumeExperiment(
  fresh: ExperimentState,
  saved: ExperimentState,
): ExperimentState | undefined {
  if (saved.dataDigest !== fresh.dataDigest || !sharesRuns(fresh.settings, saved.settings))
    return undefined
  const runs = saved.runs.filter((run) => isPresentVersion(fresh, run))
  return { ...fresh, fullPool: saved.fullPool, runs }
}

/** Whether runs of one are runs of the other: the same rounds, model and cost, and strategies of one name that are the same. */
export function sharesRuns(a: ExperimentSettings, b: ExperimentSettings): boolean {
  return runDifference(a, b) === undefined
}

/**
 * The experiment with what earlier ones have of it: every run of its strategies and seeds as far as it got, and the
 * full-pool reference. A run depends on no other, so the result is that of computing everything. What an earlier version of
 * a strategy has picked is computed anew.
 * @throws Error when one is of other data or another protocol, naming what differs, or when two contradict each other
 */
export function takeOver(
  experiment: ExperimentState,
  earlier: readonly NamedExperiment[],
): ExperimentState {
  checkProtocol(experiment.settings, earlier)
  const parts = earlier.map(({ name, state }) => {
    const reason = dataDifference(state, experiment)
    if (reason !== undefined)
      throw new Error(
        `Nothing can be taken over from ${name}: it is of other data. ${reason} Do without it.`,
      )
    const { fullPool, runs } = state
    return {
      ...experiment,
      fullPool,
      runs: runs.filter((run) => isOf(experiment, run) && isPresentVersion(experiment, run)),
    }
  })
  const { fullPool, runs } = mergeExperiments([experiment, ...parts])
  return { ...experiment, fullPool, runs }
}

/** @throws Error when one of the earlier experiments has another protocol, naming what differs */
export function checkProtocol(
  settings: ExperimentSettings,
  earlier: readonly NamedExperiment[],
): void {
  for (const { name, state } of earlier) {
    const difference = runDifference(state.settings, settings)
    if (difference === undefined) continue
    const [there, here] = difference.values.map((value) => JSON.stringify(value) ?? 'missing')
    throw new Error(
      `Nothing can be taken over from ${name}: ${difference.name} is ${there} there and ${here} here. ` +
        'Give the same settings, or do without it.',
    )
  }
}

/** Whether the strategy would pick for the run as it did; true of one that the experiment does not ask for. */
function isPresentVersion(
  { settings }: ExperimentState,
  { strategy, version }: ReplayRun,
): boolean {
  const isAsked = settings.strategies.some(({ id }) => id === strategy)
  return !isAsked || versionIn(settings, strategy).version === version
}

/** Whether the experiment asks for the run, and can go on with it: a result does not tell which images were picked. */
function isOf({ settings }: ExperimentState, { strategy, seed, rounds }: ReplayRun): boolean {
  const isFinished = rounds.at(settings.rounds - 1)?.point !== undefined
  const canGoOn = rounds.every(({ picks }) => picks.length > 0)
  return isRunOf(settings, strategy, seed) && (isFinished || canGoOn)
}
