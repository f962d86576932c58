import type { ProjectSession } from '../../app/project-session.svelte'
import { fingerprint } from '../../core/notebook/fingerprint'
import { roundModel } from '../../core/notebook/round-model'
import type { Cell, ModelSettings, RoundCell } from '../../core/notebook/types'

/** Why a stale cell is stale, and what to do about it; undefined for any other cell. */
export function staleAdvice(session: ProjectSession, cell: Cell): string | undefined {
  if (!session.stale.has(cell.id)) return undefined
  if (cell.kind === 'round') return roundAdvice(session, cell)
  if (cell.kind === 'curve')
    return 'Labels or settings changed after some of these rounds were computed; their points show what was known then.'
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  if (cell.kind === 'experiment')
    return 'Settings, labels or images changed after this was computed. Run it to bring it up to date; what stays the same is not computed again.'
  if (cell.kind === 'review')
    return round !== undefined && session.stale.has(round.id)
      ? `Labels changed after this was computed. Look again to check them, or train round ${round.index} again first.`
      : 'The labels or the model changed after this was computed. Look again to bring it up to date.'
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
  const { cells, rounds } = session.notebook
  const model = cells.find((candidate) => candidate.kind === 'model')?.settings
  const used = cell.output?.model
  const changed =
    model !== undefined &&
    used !== undefined &&
    !sameSettings(roundModel(model, rounds, cell).settings, used)
  return changed
    ? 'The model settings changed after this was computed.'
    : 'Labels changed after this was computed.'
}

function sameSettings(a: ModelSettings, b: ModelSettings): boolean {
  return fingerprint({ ...a }) === fingerprint({ ...b })
}
