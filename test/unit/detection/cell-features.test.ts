import { describe, expect, it } from 'vitest'
import { copyCell, levelRange } from '../../../src/core/detection/cell-features'
import { codes, grid } from './feature-grid'

function cell(index: number): number[] {
  const to = new Float32Array(5).fill(-1)
  copyCell(grid, codes, index, to, 1)
  expect([to[0], to[4]]).toEqual([-1, -1])
  return Array.from(to.subarray(1, 4))
}

describe('levelRange', () => {
  it('tells where the map of a level lies among the codes', () => {
    expect(levelRange(grid, 0)).toEqual({ start: 0, end: 8 })
    expect(levelRange(grid, 1)).toEqual({ start: 8, end: 12 })
  })
})

describe('copyCell', () => {
  it('takes the fine level as it is and interpolates the coarse one between the centres of its cells', () => {
    // Centres of fine columns lie at -0.25, 0.25, 0.75, 1.25 of the coarse axis; outside, the nearest cell counts.
    expect(cell(0)).toEqual([0, 20, 0])
    expect(cell(1)).toEqual([0.5, 0.75 * 20 + 0.25 * 40, 1])
    expect(cell(2)).toEqual([1, 0.25 * 20 + 0.75 * 40, 3])
    expect(cell(3)).toEqual([1.5, 40, 4])
    // There is one coarse row only.
    expect(cell(6)).toEqual([3, 35, 3])
  })
})
