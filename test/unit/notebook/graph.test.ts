import { describe, expect, it } from 'vitest'
import { dependencyGraph, latestTrainedRound, roundsOf } from '../../../src/core/notebook/graph'
import { fresh, roundOutput, withRound } from './cells'

describe('dependencyGraph', () => {
  it('says what every cell reads', () => {
    let cells = withRound(fresh(), ['a'], roundOutput())
    cells = withRound(cells, ['b'], roundOutput())
    cells = withRound(cells, ['c'])
    expect(Object.fromEntries(dependencyGraph(cells))).toEqual({
      note: [],
      data: [],
      model: ['data'],
      round0: ['model'],
      round1: ['model'],
      round2: ['model'],
      curve: ['round0', 'round1', 'round2'],
      // Round 2 has no head yet: the count still reads round 1.
      count: ['round1'],
    })
  })

  it('lists every cell after what it reads, wherever the cells stand in the document', () => {
    const cells = withRound(withRound(fresh(), [], roundOutput()), [], roundOutput())
    const upsideDown = cells.map((cell) => ({ ...cell, position: -cell.position })).reverse()
    const seen = new Set<string>()
    for (const [id, reads] of dependencyGraph(upsideDown)) {
      for (const read of reads) expect(seen.has(read)).toBe(true)
      seen.add(id)
    }
    expect(seen.size).toBe(cells.length)
  })

  it('leaves round 0 and the count without what is not there', () => {
    const cells = fresh()
    expect(dependencyGraph(cells).get(cells[4].id)).toEqual([])
    expect(latestTrainedRound(cells)).toBeUndefined()
  })
})

describe('roundsOf', () => {
  it('goes by index, not by position', () => {
    const cells = withRound(withRound(fresh(), []), []).map((cell) =>
      cell.kind === 'round' ? { ...cell, position: -cell.index } : cell,
    )
    expect(roundsOf(cells).map(({ index }) => index)).toEqual([0, 1])
  })
})
