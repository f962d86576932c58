import { describe, expect, it } from 'vitest'
import type { CategoryId, ImageId, ImageLabel, Split } from '../../../src/core/dataset/types'
import {
  countFingerprint,
  currentFingerprints,
  roundFingerprint,
  roundInputs,
  staleCells,
  type NotebookState,
} from '../../../src/core/notebook/staleness'
import type { Cell, ModelSettings } from '../../../src/core/notebook/types'
import {
  countCell,
  countOutput,
  fresh,
  imageId,
  replace,
  roundAt,
  roundOutput,
  withRound,
} from './cells'

type Label = Pick<ImageLabel, 'imageId' | 'status' | 'revision'>

const image = (id: string, split: Split) => ({ id: imageId(id), split })
const label = (id: string, revision: number, status: Label['status'] = 'done'): Label => ({
  imageId: imageId(id),
  revision,
  status,
})
const category = (id: string, order: number) => ({ id: id as CategoryId, order })

/**
 * Round 0 asked for a and b, round 1 for c and d; all four and one of two test images are
 * labelled; both rounds are trained and the pool is counted. Image e came labelled with the import.
 */
function played(): NotebookState & { readonly labels: readonly Label[] } {
  let snapshot = {
    cells: fresh(),
    images: [
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => image(id, 'pool')),
      image('t1', 'test'),
      image('t2', 'test'),
    ],
    oracleIds: new Set<ImageId>(),
    labels: ['a', 'b', 'c', 'd', 'e', 't1'].map((id) => label(id, 1)),
    categories: [category('cow', 0), category('dog', 1)],
  }
  const finish = (index: number, trainedOn: ImageId[] = []) => {
    const round = roundAt(snapshot.cells, index)
    const fingerprint = roundFingerprint(roundInputs(snapshot, round, trainedOn))
    const output = roundOutput({ fingerprint, trainedOn })
    snapshot = { ...snapshot, cells: replace(snapshot.cells, { ...round, output }) }
  }
  snapshot = { ...snapshot, cells: withRound(snapshot.cells, ['a', 'b']) }
  finish(0)
  snapshot = { ...snapshot, cells: withRound(snapshot.cells, ['c', 'd']) }
  finish(1, ['a', 'b', 'c', 'd', 'e'].map(imageId))
  const count = countCell(snapshot.cells)
  const output = countOutput({ fingerprint: countFingerprint(snapshot, count) })
  return { ...snapshot, cells: replace(snapshot.cells, { ...count, output }) }
}

const stale = (snapshot: NotebookState) =>
  [...staleCells(snapshot.cells, currentFingerprints(snapshot))].sort()

function relabel(id: string, change: Partial<Label>): NotebookState {
  const snapshot = played()
  return {
    ...snapshot,
    labels: snapshot.labels.map((item) => (item.imageId === id ? { ...item, ...change } : item)),
  }
}

const changeCell = (id: string, change: (cell: Cell) => Cell): NotebookState => {
  const snapshot = played()
  return { ...snapshot, cells: snapshot.cells.map((c) => (c.id === id ? change(c) : c)) }
}

describe('roundInputs', () => {
  it('holds the labels that rounds up to this one asked for, and the test labels', () => {
    const snapshot = played()
    const shuffled = { ...snapshot, labels: [...snapshot.labels].reverse() }
    for (const now of [snapshot, shuffled]) {
      const inputs = roundInputs(now, roundAt(now.cells, 0))
      expect(inputs.training).toEqual([
        { imageId: 'a', revision: 1 },
        { imageId: 'b', revision: 1 },
      ])
      expect(inputs.test).toEqual([{ imageId: 't1', revision: 1 }])
      expect(inputs.categories).toEqual(['cow', 'dog'])
    }
  })

  it('adds what the round trained on unasked', () => {
    const snapshot = played()
    const ids = roundInputs(snapshot, roundAt(snapshot.cells, 1)).training.map((l) => l.imageId)
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('leaves out labels that are not done, not there, or of the test split', () => {
    const snapshot = {
      ...played(),
      cells: withRound(fresh(), ['a', 'b', 'f', 't1', 'gone']),
      labels: [label('a', 1), label('b', 4, 'in-progress'), label('t1', 1), label('gone', 1)],
    }
    const inputs = roundInputs(snapshot, roundAt(snapshot.cells, 0))
    expect(inputs.training).toEqual([{ imageId: 'a', revision: 1 }])
  })
})

describe('roundFingerprint', () => {
  it('does not depend on the order of the labels', () => {
    const snapshot = played()
    const inputs = roundInputs(snapshot, roundAt(snapshot.cells, 1))
    const turned = { ...inputs, training: [...inputs.training].reverse() }
    expect(roundFingerprint(turned)).toBe(roundFingerprint(inputs))
  })
})

describe('staleCells', () => {
  it('has none right after everything was computed', () => {
    expect(stale(played())).toEqual([])
  })

  it('has all rounds, curve and count after a label of round 0 changed', () => {
    const all = ['count', 'curve', 'round0', 'round1']
    expect(stale(relabel('a', { revision: 2 }))).toEqual(all)
    expect(stale(relabel('a', { status: 'in-progress', revision: 2 }))).toEqual(all)
  })

  it('spares round 0 when a label of round 1 changed', () => {
    expect(stale(relabel('c', { revision: 2 }))).toEqual(['count', 'curve', 'round1'])
  })

  it('notices a change of a label that was trained on unasked', () => {
    expect(stale(relabel('e', { revision: 2 }))).toEqual(['count', 'curve', 'round1'])
  })

  it('has none when labels are given for a later round', () => {
    const snapshot = played()
    const later = {
      ...snapshot,
      cells: withRound(snapshot.cells, ['f']),
      labels: [...snapshot.labels, label('f', 1)],
    }
    expect(stale(later)).toEqual([])
  })

  it('has every result when a test label is changed or added', () => {
    const all = ['count', 'curve', 'round0', 'round1']
    expect(stale(relabel('t1', { revision: 2 }))).toEqual(all)
    const snapshot = played()
    expect(stale({ ...snapshot, labels: [...snapshot.labels, label('t2', 1)] })).toEqual(all)
  })

  it('has every result when the model or the categories change', () => {
    const all = ['count', 'curve', 'round0', 'round1']
    const longer = changeCell('model', (cell) =>
      cell.kind === 'model'
        ? { ...cell, settings: { ...cell.settings, steps: cell.settings.steps + 1 } }
        : cell,
    )
    expect(stale(longer)).toEqual(all)
    const snapshot = played()
    const three = [...snapshot.categories, category('cat', 2)]
    expect(stale({ ...snapshot, categories: three })).toEqual(all)
    const listedTheOtherWay = [...snapshot.categories].reverse()
    expect(stale({ ...snapshot, categories: listedTheOtherWay })).toEqual([])
  })

  describe('where rounds start from the head of the round before', () => {
    const warm = (snapshot: NotebookState): NotebookState => ({
      ...snapshot,
      cells: snapshot.cells.map((cell) =>
        cell.kind === 'model' ? { ...cell, settings: { ...cell.settings, start: 'warm' } } : cell,
      ),
    })
    const trainAgain = (snapshot: NotebookState, index: number, weightsDigest: string) => {
      const round = roundAt(snapshot.cells, index)
      const trainedOn = round.output?.trainedOn ?? []
      const fingerprint = roundFingerprint(roundInputs(snapshot, round, trainedOn))
      const output = roundOutput({ fingerprint, trainedOn, weightsDigest })
      return { ...snapshot, cells: replace(snapshot.cells, { ...round, output }) }
    }

    it('spares round 0, which has nothing else to start from, when that is chosen', () => {
      expect(stale(warm(played()))).toEqual(['count', 'curve', 'round1'])
    })

    it('has none of them once they are trained so, and round 1 when it is chosen no longer', () => {
      const trained = trainAgain(warm(played()), 1, 'b1')
      expect(stale(trained)).toEqual(['count'])
      const [model] = played().cells.filter(({ kind }) => kind === 'model')
      const back = { ...trained, cells: replace(trained.cells, model) }
      expect(stale(back)).toEqual(['count', 'curve', 'round1'])
    })

    it('has round 1 when round 0 was given another head', () => {
      const trained = trainAgain(trainAgain(warm(played()), 0, 'a1'), 1, 'b1')
      expect(stale(trained)).toEqual(['count'])
      expect(stale(trainAgain(trained, 0, 'a1'))).toEqual(['count'])
      expect(stale(trainAgain(trained, 0, 'a2'))).toEqual(['count', 'curve', 'round1'])
    })

    it('does not have the newest once it is trained again, though an old label was changed', () => {
      const changed = warm(relabel('a', { revision: 2 }))
      expect(stale(changed)).toEqual(['count', 'curve', 'round0', 'round1'])
      expect(stale(trainAgain(changed, 1, 'b2'))).toEqual(['count', 'curve', 'round0'])
    })
  })

  it('takes a round from before there was a choice of start and depth for a head from scratch', () => {
    const model: ModelSettings = {
      inputSize: 320,
      committee: 5,
      steps: 300,
      hidden: 64,
      learningRate: 0.004,
      start: 'scratch',
      depth: 'head',
      views: 0,
    }
    const inputs = { ...roundInputs(played(), roundAt(played().cells, 0)), model }
    // As the version before wrote it.
    expect(roundFingerprint(inputs)).toBe('04109439ac4431c1')
    const deeper = { ...inputs, model: { ...model, depth: 'full' as const } }
    expect(roundFingerprint(deeper)).not.toBe('04109439ac4431c1')
  })

  it('has the round that was not trained again alone, once the newest is', () => {
    const changed = relabel('a', { revision: 2 })
    const round = roundAt(changed.cells, 1)
    const trainedOn = round.output?.trainedOn ?? []
    const fingerprint = roundFingerprint(roundInputs(changed, round, trainedOn))
    const output = roundOutput({ fingerprint, trainedOn })
    const cells = replace(changed.cells, { ...round, output })
    const count = countCell(cells)
    const counted = countOutput({ fingerprint: countFingerprint({ ...changed, cells }, count) })
    const upToDate = replace(cells, { ...count, output: counted })
    expect(stale({ ...changed, cells: upToDate })).toEqual(['curve', 'round0'])
  })

  it('has every result when a training image is deleted', () => {
    const snapshot = played()
    const images = snapshot.images.filter(({ id }) => id !== 'b')
    expect(stale({ ...snapshot, images })).toEqual(['count', 'curve', 'round0', 'round1'])
  })

  it('has the count alone when its threshold or the images of the pool change', () => {
    const stricter = changeCell('count', (cell) =>
      cell.kind === 'count' ? { ...cell, threshold: 0.5 } : cell,
    )
    expect(stale(stricter)).toEqual(['count'])
    const snapshot = played()
    expect(stale({ ...snapshot, images: [...snapshot.images, image('g', 'pool')] })).toEqual([
      'count',
    ])
    expect(stale({ ...snapshot, images: [...snapshot.images, image('t3', 'test')] })).toEqual([])
  })

  it('has the count alone when a newer round was trained', () => {
    const snapshot = played()
    let next = { ...snapshot, cells: withRound(snapshot.cells, ['f'], roundOutput()) }
    const round = roundAt(next.cells, 2)
    const fingerprint = roundFingerprint(roundInputs(next, round))
    next = {
      ...next,
      cells: replace(next.cells, { ...round, output: roundOutput({ fingerprint }) }),
    }
    expect(stale(next)).toEqual(['count'])
  })

  it('is unaffected by notes, by the axis of the curve and by moving cells', () => {
    const snapshot = played()
    const cells = snapshot.cells.map((cell) => ({ ...cell, position: -cell.position }))
    expect(stale({ ...snapshot, cells })).toEqual([])
    const noted = changeCell('note', (c) => (c.kind === 'note' ? { ...c, markdown: 'x' } : c))
    expect(stale(noted)).toEqual([])
    const axis = changeCell('curve', (c) => (c.kind === 'curve' ? { ...c, xAxis: 'boxes' } : c))
    expect(stale(axis)).toEqual([])
  })

  it('never has a round or a count without output', () => {
    const snapshot = { ...played(), cells: withRound(fresh(), ['a']) }
    expect(stale(snapshot)).toEqual([])
  })

  it('refuses a notebook without a model', () => {
    const snapshot = played()
    const cells = snapshot.cells.filter(({ kind }) => kind !== 'model')
    expect(() => currentFingerprints({ ...snapshot, cells })).toThrow(/no model cell/)
  })
})
