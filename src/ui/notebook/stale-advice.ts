import type { ProjectSession } from '../../app/project-session.svelte'
import { fingerprintOfRound } from '../../app/staleness'
import type { Cell, ModelSettings, RoundCell } from '../../core/notebook/types'

/** Why a stale cell is stale, and what to do about it; undefined for any other cell. */
export function staleAdvice(session: ProjectSession, cell: Cell): string | undefined {
  if (!session.stale.has(cell.id)) return undefined
  if (cell.kind === 'round') return roundAdvice(session, cell)
  if (cell.kind === 'curve')
    return 'Labels or settings changed after some of these rounds were computed; their points show what was known then.'
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  return round !== undefined && needsTraining(session, round)
    ? `The model this was counted with is stale. Train round ${round.index} again, then count again.`
    : 'The model, the threshold or the images changed after this was computed. Count again to bring it up to date.'
}

/** Whether a round's own labels or settings changed since it was trained, whatever the rounds before it are. */
export function needsTraining(session: ProjectSession, round: RoundCell): boolean {
  const { id, output } = round
  if (output === undefined || !session.stale.has(id)) return false
  return fingerprintOfRound(session, round, output.trainedOn) !== output.fingerprint
}

function roundAdvice(session: ProjectSession, cell: RoundCell): string {
  if (!needsTraining(session, cell))
    return 'An earlier round is stale; the figures of this one match the labels and settings of today.'
  const latest = session.latestRound
  const remedy =
    latest === undefined || latest.id === cell.id
      ? 'Train again to bring it up to date.'
      : `It stays as the record of what was known then; training round ${latest.index} brings the model up to date.`
  return `${roundReason(session, cell)} ${remedy}`
}

function roundReason(session: ProjectSession, cell: RoundCell): string {
  const model = session.notebook.cells.find((candidate) => candidate.kind === 'model')?.settings
  const used = cell.output?.model
  if (model !== undefined && used !== undefined && !sameSettings(model, used))
    return 'The model settings changed after this was computed.'
  return 'Labels changed after this was computed.'
}

function sameSettings(a: ModelSettings, b: ModelSettings): boolean {
  return (
    a.inputSize === b.inputSize &&
    a.committee === b.committee &&
    a.steps === b.steps &&
    a.hidden === b.hidden &&
    a.learningRate === b.learningRate
  )
}
