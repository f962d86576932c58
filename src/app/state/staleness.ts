import type { ImageId } from '../../core/dataset/types'
import {
  countFingerprint,
  currentFingerprints,
  experimentFingerprint,
  type NotebookState,
  reviewFingerprint,
  roundFingerprint,
  roundInputs,
  staleCells,
} from '../../core/notebook/staleness'
import type { CellId, CountCell, ExperimentCell, RoundCell } from '../../core/notebook/types'
import type { Session } from './session'

/** Cells whose saved output no longer matches what it was computed from. */
export function staleCellIds(session: Session): ReadonlySet<CellId> {
  const state = notebookState(session)
  if (state.cells.length === 0) return new Set() // not loaded yet
  return staleCells(state.cells, currentFingerprints(state))
}

/** Digest of everything the round's output depends on, when it trains on these images. */
export function fingerprintOfRound(
  session: Session,
  round: RoundCell,
  trainedOn: readonly ImageId[],
): string {
  return roundFingerprint(roundInputs(notebookState(session), round, trainedOn))
}

/** Digest of everything the count's output depends on. */
export function fingerprintOfCount(session: Session, cell: CountCell): string {
  return countFingerprint(notebookState(session), cell)
}

/** Digest of everything a review's output depends on. */
export function fingerprintOfReview(session: Session): string {
  return reviewFingerprint(notebookState(session))
}

/** Digest of everything an experiment's output depends on. */
export function fingerprintOfExperiment(session: Session, cell: ExperimentCell): string {
  return experimentFingerprint(notebookState(session), cell)
}

function notebookState(session: Session): NotebookState {
  const { notebook, images, oracleIds, labels, categories } = session
  return { cells: notebook.cells, images, oracleIds, labels: labels.all(), categories }
}
