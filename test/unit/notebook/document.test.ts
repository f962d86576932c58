import { describe, expect, it } from 'vitest'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import {
  canRemoveCell,
  initialNotebook,
  insertPosition,
  nextRoundPosition,
  renumberCells,
  sortCells,
} from '../../../src/core/notebook/document'
import type { Cell, CellId } from '../../../src/core/notebook/types'
import { counter, fresh, note, projectId, roundAt, roundOutput, withRound } from './cells'

const order = (cells: readonly Cell[]) => sortCells(cells).map(({ id }) => id)
const below = (cells: readonly Cell[], id: string, at: string) =>
  note(id, insertPosition(cells, at as CellId))

describe('initialNotebook', () => {
  it('is note, data, model, curve, count, with fresh ids and rising positions', () => {
    const cells = initialNotebook(projectId, counter())
    expect(cells.map(({ kind }) => kind)).toEqual(['note', 'data', 'model', 'curve', 'count'])
    expect(sortCells(cells)).toEqual(cells)
    expect(new Set(cells.map(({ id }) => id)).size).toBe(5)
    expect(cells[2]).toMatchObject({ settings: defaultModelSettings })
  })
})

describe('insertPosition', () => {
  it('puts a cell right below another, at the top, and at the bottom', () => {
    const cells = fresh()
    const middle = [...cells, below(cells, 'new', 'data')]
    expect(order(middle)).toEqual(['note', 'data', 'new', 'model', 'curve', 'count'])
    const top = [...cells, note('new', insertPosition(cells, undefined))]
    expect(order(top)[0]).toBe('new')
    const bottom = [...cells, below(cells, 'new', 'count')]
    expect(order(bottom).at(-1)).toBe('new')
    expect(insertPosition([], undefined)).toBe(0)
  })

  it('takes hundreds of notes one after another, each below the last', () => {
    let cells: Cell[] = fresh()
    for (let i = 0; i < 500; i++) {
      cells = [...cells, below(cells, `n${i}`, i === 0 ? 'data' : `n${i - 1}`)]
    }
    const expected = Array.from({ length: 500 }, (_, i) => `n${i}`)
    expect(order(cells).slice(2, 502)).toEqual(expected)
  })

  it('says so when there is no number left, and renumbering makes room', () => {
    let cells: Cell[] = fresh()
    const insertMany = () => {
      for (let i = cells.length; i < 200; i++) {
        cells = [...cells, below(cells, `n${i}`, 'data')]
      }
    }
    expect(insertMany).toThrow(/no room left/)
    const before = order(cells)
    cells = renumberCells(cells)
    expect(order(cells)).toEqual(before)
    cells = [...cells, below(cells, 'after', 'data')]
    expect(order(cells)[2]).toBe('after')
  })

  it('refuses a cell that is not there', () => {
    expect(() => insertPosition(fresh(), 'gone' as CellId)).toThrow(/no cell gone/)
  })
})

describe('nextRoundPosition', () => {
  it('puts rounds between model and curve, in order', () => {
    const cells = withRound(withRound(fresh(), []), [])
    expect(order(cells)).toEqual(['note', 'data', 'model', 'round0', 'round1', 'curve', 'count'])
  })

  it('goes below the notes written under the last round', () => {
    let cells = withRound(fresh(), [])
    cells = [...cells, below(cells, 'remark', 'round0')]
    cells = withRound(cells, [])
    expect(order(cells).slice(3, 6)).toEqual(['round0', 'remark', 'round1'])
  })

  it('has room for two thousand rounds', () => {
    let cells = fresh()
    for (let i = 0; i < 2000; i++) cells = [...cells, note(`r${i}`, nextRoundPosition(cells))]
    expect(order(cells).slice(3, 2003)).toEqual(Array.from({ length: 2000 }, (_, i) => `r${i}`))
  })

  it('refuses a notebook without a model', () => {
    expect(() => nextRoundPosition([note('n', 0)])).toThrow(/no model cell/)
  })
})

describe('canRemoveCell', () => {
  it('lets go of notes and counts, but not of a round that others follow', () => {
    const cells = withRound(withRound(fresh(), []), [])
    const removable = cells.filter((cell) => canRemoveCell(cells, cell)).map(({ id }) => id)
    expect(removable).toEqual(['note', 'count', 'round1'])
    expect(canRemoveCell(cells, roundAt(cells, 0))).toBe(false)
    const trained = { ...roundAt(cells, 1), output: roundOutput() }
    expect(canRemoveCell(cells, trained)).toBe(false)
  })
})

describe('sortCells', () => {
  it('is the same for any input order, equal positions included', () => {
    const cells = [note('b', 1), note('a', 1), note('c', 0)]
    expect(order(cells)).toEqual(['c', 'a', 'b'])
    expect(order([...cells].reverse())).toEqual(['c', 'a', 'b'])
  })
})
