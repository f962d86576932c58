/** The review among the other cells: its place in the graph, when it is stale, and how it is stored. */
import { expect, test } from 'vitest'
import type { CategoryId, ImageId, ImageLabel } from '../../../src/core/dataset/types'
import { defaultStoppingSettings } from '../../../src/core/experiment/stopping/stopping'
import { canRemoveCell } from '../../../src/core/notebook/document'
import { dependencyGraph } from '../../../src/core/notebook/graph'
import { parseCells } from '../../../src/core/notebook/parse'
import {
  currentFingerprints,
  reviewFingerprint,
  staleCells,
  type NotebookState,
} from '../../../src/core/notebook/staleness'
import type { Cell, CellId, ReviewCell } from '../../../src/core/notebook/types'
import { fresh, imageId, projectId, replace, roundAt, roundOutput, withRound } from './cells'

const cow = 'cow' as CategoryId
const box = { x: 1, y: 2, width: 3, height: 4 }
const detection = { categoryId: cow, box, score: 0.5, confidence: 0.75 }
const label = { truthIndex: 0, categoryId: cow, box }
const suspect = { imageId: imageId('a'), suspicion: 0.5, detection, iou: 0.25, revision: 1 }

const review = (fingerprint: string): ReviewCell => ({
  kind: 'review',
  id: 'review' as CellId,
  projectId,
  position: 1e9,
  dismissed: [{ kind: 'swapped', imageId: imageId('b'), categoryId: cow, box }],
  output: {
    items: [
      { ...suspect, kind: 'overlooked', annotationId: undefined },
      { ...suspect, kind: 'misplaced', annotationId: undefined, label, usualIou: 0.8 },
      { ...suspect, kind: 'swapped', annotationId: undefined, label, ownConfidence: 0.1 },
    ],
    images: 2,
    boxes: 2,
    unjudged: 0,
    fingerprint,
    finishedAt: 1,
  },
})

type Label = Pick<ImageLabel, 'imageId' | 'status' | 'revision'>
const done = (id: string, revision: number): Label => ({
  imageId: imageId(id),
  status: 'done',
  revision,
})

/** One trained round on a and b of the pool, a labelled test image, and a review of all that. */
function reviewed(): NotebookState & { readonly labels: readonly Label[] } {
  const state = {
    cells: withRound(fresh(), ['a', 'b'], roundOutput()),
    images: [
      { id: imageId('a'), split: 'pool' as const },
      { id: imageId('b'), split: 'pool' as const },
      { id: imageId('c'), split: 'pool' as const },
      { id: imageId('t'), split: 'test' as const },
    ],
    oracleIds: new Set<ImageId>(),
    labels: [done('a', 1), done('b', 1), done('t', 1)],
    categories: [{ id: cow, order: 0 }],
  }
  const round = roundAt(state.cells, 0)
  const settled = {
    ...round,
    output: roundOutput({ fingerprint: currentFingerprints(state)(round) }),
  }
  const cells = replace(state.cells, settled)
  return { ...state, cells: [...cells, review(reviewFingerprint({ ...state, cells }))] }
}

const stale = (state: NotebookState) => staleCells(state.cells, currentFingerprints(state))

test('a review reads the newest trained round, and can be removed', () => {
  const { cells } = reviewed()
  expect(dependencyGraph(cells).get('review' as CellId)).toEqual([roundAt(cells, 0).id])
  expect(canRemoveCell(cells, review('x'))).toBe(true)
})

test('a review is fresh until a label of the pool changes or another is added', () => {
  const state = reviewed()
  expect(stale(state).has('review' as CellId)).toBe(false)
  for (const labels of [
    [done('a', 2), done('b', 1), done('t', 1)],
    [done('a', 1), done('b', 1), done('t', 1), done('c', 1)],
  ])
    expect(stale({ ...state, labels }).has('review' as CellId)).toBe(true)
})

test('a label that has only been begun does not touch it', () => {
  const state = reviewed()
  const begun: Label = { ...done('c', 1), status: 'in-progress' }
  expect(stale({ ...state, labels: [...state.labels, begun] }).has('review' as CellId)).toBe(false)
})

test('a review without output is never stale', () => {
  const state = reviewed()
  const cells = replace(state.cells, { ...review('x'), output: undefined })
  expect(stale({ ...state, cells, labels: [] }).has('review' as CellId)).toBe(false)
})

test('comes back from JSON as it was, and a damaged one says where', () => {
  const cells: Cell[] = [review('x')]
  expect(parseCells(JSON.parse(JSON.stringify(cells)))).toEqual(cells)
  const broken = { ...review('x'), dismissed: [{ kind: 'odd' }] }
  expect(() => parseCells([broken])).toThrow(/cell 1 \(review\): dismissed.0.kind/)
})

test('a curve of a version that gave no advice on stopping takes the defaults', () => {
  const [curve] = fresh().filter(({ kind }) => kind === 'curve')
  const { stopping: _stopping, ...earlier } = curve as Extract<Cell, { kind: 'curve' }>
  expect(parseCells([earlier])).toEqual([{ ...earlier, stopping: defaultStoppingSettings }])
})
