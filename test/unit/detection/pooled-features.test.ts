import { describe, expect, it } from 'vitest'
import { boxFeature, objectness, pooledFeature } from '../../../src/core/detection/pooled-features'
import { imageCells } from '../../../src/core/detection/targets'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { categories, committeeOutput, grid as cells } from './committee'
import { codes, grid } from './feature-grid'

const pool = (...weights: number[]): number[] => [...pooledFeature(grid, codes, weights)]

describe('the pooled feature', () => {
  it('is the mean of each level', () => {
    // 28 / 8 = 3.5 and (40 + 80) / 2 = 60 and (0 + 8) / 2 = 4 in codes.
    expect(pool(1, 1, 1, 1, 1, 1, 1, 1)).toEqual([1.75, 30, 2])
  })

  it('leaves out what has no weight; a coarse cell counts as far as it is covered', () => {
    // Cells 0, 1, 2, 4 and 5: 12 / 5; the left coarse cell four times, the right once: 240 / 5 and 8 / 5.
    const [fine, first, second] = pool(1, 1, 1, 0, 1, 1, 0, 0)
    expect(fine).toBeCloseTo(1.2, 6)
    expect(first).toBeCloseTo(24, 6)
    expect(second).toBeCloseTo(0.8, 6)
  })

  it('takes the weights in proportion', () => {
    // (1 * 3 + 3 * 1) / 4, (40 * 3 + 80 * 1) / 4, 8 * 1 / 4, with weight 3 on cell 1 and 1 on cell 3.
    expect(pool(0, 3, 0, 1, 0, 0, 0, 0)).toEqual([0.75, 25, 1])
    expect(pool(0, 0.75, 0, 0.25, 0, 0, 0, 0)).toEqual([0.75, 25, 1])
  })

  it('is the mean over all cells where an image is too thin to hold the centre of any', () => {
    const letterbox = createLetterbox(3200, 10, 32)
    const inside = imageCells(letterbox, { rows: 4, columns: 4, stride: 8 })
    expect(inside.includes(1)).toBe(false)
    expect(pool(0, 0, 0, 0, 0, 0, 0, 0)).toEqual([1.75, 30, 2])
  })
})

describe('objectness', () => {
  it('is the largest committee-mean probability of any class, and none on the bars', () => {
    const output = committeeOutput([
      { 0: { p: [0.9, 0.9] }, 5: { p: [0.8, 0.3] } },
      { 0: { p: [0.9, 0.9] }, 5: { p: [0.2, 0.5] } },
    ])
    const inside = imageCells(createLetterbox(40, 20, 40), cells)
    const found = objectness(output, categories.length, inside)
    // Means 0.5 (cat) and 0.4 (dog).
    expect(found[5]).toBeCloseTo(0.5, 6)
    expect(found[6]).toBeCloseTo(0.001, 6)
    expect(found[0]).toBe(0)
  })
})

describe('the feature of a box', () => {
  it('is that of the cell that holds its centre', () => {
    // The image is twice as large as the input's 32 x 16 pixels; centre (40, 10) is input pixel (20, 5), cell 2.
    const letterbox = { size: 32, scale: 0.5, offsetX: 0, offsetY: 0, width: 32, height: 16 }
    const box = { x: 20, y: 0, width: 40, height: 20 }
    // Fine 2; coarse a quarter of the left and three quarters of the right cell: 70 and 6, in codes.
    expect([...boxFeature(grid, codes, letterbox, box)]).toEqual([1, 35, 3])
  })

  it('is that of the nearest cell for a centre on the edge of the input', () => {
    const letterbox = { size: 32, scale: 1, offsetX: 0, offsetY: 0, width: 32, height: 16 }
    const box = { x: 31, y: 15, width: 2, height: 2 }
    expect([...boxFeature(grid, codes, letterbox, box)]).toEqual([3.5, 40, 4])
  })
})
