import { readExperimentResult, writeExperiment } from '../core/experiment/files'
import { mergeExperiments } from '../core/experiment/merge'
import type { ExperimentState } from '../core/experiment/replay-types'
import { experimentResult } from '../core/experiment/result'
import { experimentReport } from '../core/experiment/table'

export interface ExperimentOutcome {
  /** JSON of the result. */
  readonly result: string
  /** The same for people. */
  readonly table: string
}

/**
 * Puts results together.
 * @param files names and texts
 * @throws Error when one is no result of an experiment, or they do not belong together
 */
export function mergeResults(
  files: readonly { readonly name: string; readonly text: string }[],
): ExperimentOutcome {
  return outcomeOf(
    mergeExperiments(files.map(({ name, text }) => readExperimentResult(text, name))),
  )
}

/** What the finished runs of an experiment say. */
export function outcomeOf(state: ExperimentState): ExperimentOutcome {
  const result = experimentResult(state)
  return { result: writeExperiment(result), table: experimentReport(result) }
}
