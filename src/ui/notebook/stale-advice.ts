import type { ProjectSession } from '../../app/project-session.svelte'
import type { Cell, ModelSettings, RoundCell } from '../../core/notebook/types'

/** Why a stale cell is stale, and what to do about it; undefined for any other cell. */
export function staleAdvice(session: ProjectSession, cell: Cell): string | undefined {
  if (!session.stale.has(cell.id)) return undefined
  if (cell.kind === 'round') return roundAdvice(session, cell)
  if (cell.kind === 'curve')
    return 'Labels or settings changed after some of these rounds were computed; their points show what was known then.'
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  return round !== undefined && session.stale.has(round.id)
    ? `The model this was counted with is stale. Train round ${round.index} again, then count again.`
    : 'The model, the threshold or the images changed after this was computed. Count again to bring it up to date.'
}

function roundAdvice(session: ProjectSession, cell: RoundCell): string {
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
