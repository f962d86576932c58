import { readExperiment, writeExperiment } from '../core/experiment/files/experiment-files'
import { mergeExperiments } from '../core/experiment/replay/merge'
import type { ExperimentState } from '../core/experiment/replay/replay-types'
import { experimentResult, finishedCurves } from '../core/experiment/statistics/result'
import { seedsOf, shareProgress, wholeExperiment } from '../core/experiment/replay/shares'
import { experimentReport } from '../core/experiment/files/experiment-table'

export interface MergeOutcome {
  /** JSON of the result. */
  readonly result: string
  /** The same for people. */
  readonly table: string
  /** For people, what the experiment lacks: a file may have been forgotten. Undefined when it is complete. */
  readonly missing: string | undefined
}

/** The result or the state of an experiment. */
export interface ExperimentFile {
  readonly name: string
  readonly text: string
}

/**
 * Puts results together, or states of unfinished experiments.
 * @throws Error when one is neither, or they do not belong together
 */
export function mergeResults(files: readonly ExperimentFile[]): MergeOutcome {
  const state = mergeExperiments(files.map(({ name, text }) => readExperiment(text, name)))
  const result = experimentResult(state)
  return {
    result: writeExperiment(result),
    table: experimentReport(result),
    missing: missingIn(state),
  }
}

/** The runs that are not at their end, a line a strategy, and the full-pool reference. */
function missingIn(state: ExperimentState): string | undefined {
  const { settings, fullPool } = state
  const runs = settings.strategies.flatMap(({ id }) => {
    const finished = new Set(finishedCurves(state, id).map(({ seed }) => seed))
    const seeds = seedsOf(settings, id).filter((seed) => !finished.has(seed))
    if (seeds.length === 0) return []
    return [`  ${id}: ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`]
  })
  if (fullPool !== undefined && runs.length === 0) return undefined
  const { done, total } = shareProgress(state, wholeExperiment)
  return [
    `The experiment is not complete, ${done} of ${total} trainings are there. What is missing:`,
    ...(fullPool === undefined ? ['  what all labels of the pool give'] : []),
    ...runs,
    'If the file of a share was left out, or a share has failed, merge again with it.',
  ].join('\n')
}
