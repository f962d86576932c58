import { strategyName } from '../../../core/experiment/replay/strategy-names'
import type { Cell, RoundCell } from '../../../core/notebook/types'
import { formatCount } from '../../controls/format'

/** Heading of a cell; a note has none but its first line. */
export function cellTitle(cell: Cell): string {
  switch (cell.kind) {
    case 'note':
      return noteTitle(cell.markdown)
    case 'data':
      return 'Data'
    case 'model':
      return 'Model'
    case 'round':
      return roundTitle(cell)
    case 'curve':
      return 'Learning curve'
    case 'count':
      return 'Count'
    case 'review':
      return 'Label review'
    case 'experiment':
      return 'Experiment'
  }
}

/** What the outline calls a cell. */
export function shortTitle(cell: Cell): string {
  return cell.kind === 'round' ? `Round ${cell.index}` : cellTitle(cell)
}

function roundTitle({ index, settings, picks }: RoundCell): string {
  const strategy = index === 0 ? 'seed set' : strategyName(settings.strategyId)
  return `Round ${index} · ${strategy} · ${formatCount(picks.length, 'image')}`
}

function noteTitle(markdown: string): string {
  const line = markdown
    .split('\n')
    .map((text) => text.replace(/^[#>\-*\s]+/, '').trim())
    .find((text) => text !== '')
  return line ?? 'Empty note'
}
