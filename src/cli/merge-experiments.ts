import { readExperiment, writeExperiment } from '../core/experiment/files'
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

/** The result or the state of an experiment. */
export interface ExperimentFile {
  readonly name: string
  readonly text: string
}

/**
 * Puts results together, or states of unfinished experiments.
 * @throws Error when one is neither, or they do not belong together
 */
export function mergeResults(files: readonly ExperimentFile[]): ExperimentOutcome {
  return outcomeOf(mergeExperiments(files.map(({ name, text }) => readExperiment(text, name))))
}

/** What the finished runs of an experiment say. */
export function outcomeOf(state: ExperimentState): ExperimentOutcome {
  const result = experimentResult(state)
  return { result: writeExperiment(result), table: experimentReport(result) }
}
