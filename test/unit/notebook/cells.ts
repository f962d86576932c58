import type { CategoryId, ImageId, ProjectId } from '../../../src/core/dataset/types'
import { initialNotebook, nextRoundPosition } from '../../../src/core/notebook/document'
import { roundsOf } from '../../../src/core/notebook/graph'
import { defaultRoundSettings } from '../../../src/core/notebook/default-settings'
import type {
  Cell,
  CellId,
  CountCell,
  CountOutput,
  ModelSettings,
  NoteCell,
  RoundCell,
  RoundOutput,
} from '../../../src/core/notebook/types'

export const projectId = 'p' as ProjectId
export const imageId = (id: string) => id as ImageId

export const model: ModelSettings = {
  inputSize: 320,
  committee: 5,
  steps: 300,
  hidden: 64,
  learningRate: 0.004,
  start: 'scratch',
  depth: 'head',
  views: 0,
}

/** Ids c1, c2, ... */
export function counter(): () => CellId {
  let n = 0
  return () => `c${++n}` as CellId
}

/** Cells named by their kind: note, data, model, curve, count. */
export const fresh = (): Cell[] =>
  initialNotebook(projectId, counter()).map((cell) => ({
    ...cell,
    id: cell.kind as string as CellId,
  }))

export const note = (id: string, position: number): NoteCell => ({
  kind: 'note',
  id: id as CellId,
  projectId,
  position,
  markdown: '',
})

/** The notebook with one more round, called round0, round1, ... */
export function withRound(
  cells: readonly Cell[],
  picks: readonly string[],
  output?: RoundOutput,
): Cell[] {
  const index = roundsOf(cells).length
  const round: RoundCell = {
    kind: 'round',
    id: `round${index}` as CellId,
    projectId,
    position: nextRoundPosition(cells),
    index,
    settings: defaultRoundSettings,
    picks: picks.map((id) => ({ imageId: imageId(id), score: 1, reason: 'drawn at random' })),
    output,
  }
  return [...cells, round]
}

export const roundOutput = (more: Partial<RoundOutput> = {}): RoundOutput => ({
  losses: [{ step: 1, loss: 2.5 }],
  trainSeconds: 9.5,
  backend: 'wasm',
  model,
  weightsDigest: undefined,
  evaluation: undefined,
  estimate: undefined,
  labeledImages: 2,
  labeledBoxes: 7,
  labelSeconds: 63,
  trainedOn: [],
  fingerprint: 'not yet',
  finishedAt: 1_700_000_000_000,
  ...more,
})

export const countOutput = (more: Partial<CountOutput> = {}): CountOutput => ({
  threshold: 0.3,
  images: [
    {
      imageId: imageId('a'),
      counts: [{ categoryId: 'cow' as CategoryId, count: 3.5, deviation: 0.5 }],
    },
  ],
  totals: [{ categoryId: 'cow' as CategoryId, count: 3.5, deviation: 0.5 }],
  fingerprint: 'not yet',
  finishedAt: 1_700_000_000_000,
  ...more,
})

export function roundAt(cells: readonly Cell[], index: number): RoundCell {
  const round = roundsOf(cells).at(index)
  if (round === undefined) throw new Error(`no round ${index}`)
  return round
}

export function countCell(cells: readonly Cell[]): CountCell {
  const cell = cells.find((candidate) => candidate.kind === 'count')
  if (cell === undefined) throw new Error('no count cell')
  return cell
}

/** The cells with one of them replaced, found by id. */
export const replace = (cells: readonly Cell[], cell: Cell): Cell[] =>
  cells.map((other) => (other.id === cell.id ? cell : other))
