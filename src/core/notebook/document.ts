import type { ProjectId } from '../dataset/types'
import { defaultModelSettings } from '../detection/model-settings'
import { defaultStoppingSettings } from '../experiment/stopping/stopping'
import { defaultCountThreshold } from './default-settings'
import type { Cell, CellId } from './types'

/** Distance of neighbouring cells in a notebook that has just been numbered. */
const STEP = 1000

/**
 * The curve starts this far below the model: a thousand rounds fit between the two at whole steps,
 * so that positions are not halved away.
 */
const ROOM_FOR_ROUNDS = 1000 * STEP

const welcome = `# Welcome

This notebook trains a small object detector on your own images and asks you to label only the ones
that teach it most. Everything stays on this machine.

1. **Choose a folder** or files in the data cell below, or drop them anywhere; a COCO file or zip
   brings boxes along.
2. **Label the test images** there. They are set aside at random, never trained on, and tell how
   good the detector really is.
3. **Start** below the model, **Label these** first ten images, then **Train**.
4. **Ask for the next 10**, label them, train again, and watch the curve. Stop when it is good
   enough, or when another round no longer pays.

Notes like this one are Markdown and yours to change.
`

/**
 * The notebook of a new project: a welcome note, data, model, curve and count, in this order.
 * @param newId gives a fresh id at every call.
 */
export function initialNotebook(projectId: ProjectId, newId: () => CellId): Cell[] {
  const at = (position: number) => ({ id: newId(), projectId, position })
  return [
    { ...at(0), kind: 'note', markdown: welcome },
    { ...at(STEP), kind: 'data' },
    { ...at(2 * STEP), kind: 'model', settings: defaultModelSettings },
    {
      ...at(2 * STEP + ROOM_FOR_ROUNDS),
      kind: 'curve',
      xAxis: 'images',
      stopping: defaultStoppingSettings,
    },
    {
      ...at(3 * STEP + ROOM_FOR_ROUNDS),
      kind: 'count',
      threshold: defaultCountThreshold,
      imageId: undefined,
      output: undefined,
    },
  ]
}

/** The cells in document order, as a new array; ids decide between equal positions. */
export function sortCells<T extends Cell>(cells: readonly T[]): T[] {
  return [...cells].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
}

/**
 * A position for a new cell right below the given one, or at the top.
 * @throws Error when `below` is not among `cells`, or when there is no number left between it and
 *   the next cell: `renumberCells` makes room.
 */
export function insertPosition(cells: readonly Cell[], below: CellId | undefined): number {
  const sorted = sortCells(cells)
  if (below === undefined) return sorted.length === 0 ? 0 : sorted[0].position - STEP
  const index = sorted.findIndex(({ id }) => id === below)
  if (index < 0) throw new Error(`insertPosition: there is no cell ${below} to put another below.`)
  return positionBetween(sorted[index].position, sorted.at(index + 1)?.position)
}

/**
 * A position for the next round: below the last round (the model, before there is any) and the
 * notes that follow it.
 * @throws Error when the notebook has neither round nor model, or when there is no number left.
 */
export function nextRoundPosition(cells: readonly Cell[]): number {
  const sorted = sortCells(cells)
  const lastRound = sorted.findLastIndex(({ kind }) => kind === 'round')
  let last = lastRound >= 0 ? lastRound : sorted.findIndex(({ kind }) => kind === 'model')
  if (last < 0) {
    throw new Error('nextRoundPosition: the notebook has no model cell; restore it from a backup.')
  }
  while (sorted.at(last + 1)?.kind === 'note') last++
  return positionBetween(sorted[last].position, sorted.at(last + 1)?.position)
}

/**
 * Whether a cell may be removed: notes, counts, reviews and experiments always, the last round until it is trained.
 * The rest is the record that later rounds and the curve rest on.
 */
export function canRemoveCell(cells: readonly Cell[], cell: Cell): boolean {
  if (cell.kind === 'round') {
    if (cell.output !== undefined) return false
    return !cells.some((other) => other.kind === 'round' && other.index > cell.index)
  }
  return ['note', 'count', 'review', 'experiment'].includes(cell.kind)
}

/** The same cells in the same order at evenly spaced positions. */
export function renumberCells(cells: readonly Cell[]): Cell[] {
  let position = -STEP
  return sortCells(cells).map((cell) => {
    position += cell.kind === 'curve' ? ROOM_FOR_ROUNDS : STEP
    return { ...cell, position }
  })
}

/** A whole step below `above` where it fits, so that a run of insertions does not halve the gap. */
function positionBetween(above: number, below: number | undefined): number {
  if (below === undefined || below - above > STEP) return above + STEP
  if (below - above > 1) return above + 1
  const middle = above + (below - above) / 2
  if (middle <= above || middle >= below) {
    throw new Error('There is no room left between these two cells; number the cells anew.')
  }
  return middle
}
