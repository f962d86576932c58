import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { CellId, ExperimentCell, ExperimentOutput } from '../../../src/core/notebook/types'

/** The experiment of a cell. */
export function experimentAt(session: ProjectSession, id: CellId): ExperimentCell {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'experiment') throw new Error(`The notebook has no experiment ${id}.`)
  return cell
}

/** What an experiment has found so far. */
export function outputOf(session: ProjectSession, id: CellId): ExperimentOutput {
  const { output } = experimentAt(session, id)
  if (output === undefined) throw new Error('The experiment has no output.')
  return output
}
