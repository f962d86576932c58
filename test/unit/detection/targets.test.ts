import { describe, expect, it } from 'vitest'
import { createTargets, imageCells, type TargetBox } from '../../../src/core/detection/targets'
import { createLetterbox } from '../../../src/core/geometry/letterbox'

const grid = { rows: 10, columns: 10, stride: 8 }
/** An image as large as the input: image pixels are input pixels. */
const square = createLetterbox(80, 80, 80)

const object = (
  x: number,
  y: number,
  width: number,
  height: number,
  classIndex = 0,
): TargetBox => ({
  box: { x, y, width, height },
  classIndex,
  crowd: false,
})

describe('createTargets', () => {
  it('gives a tiny object one cell with full heat and its distances in cells', () => {
    // Centre (30, 22) lies in cell column 3, row 2, whose own centre is (28, 20).
    const targets = createTargets([object(24, 16, 12, 12, 1)], 2, square, grid)
    expect([...targets.cells]).toEqual([23])
    expect([...targets.heat]).toEqual([0, 1])
    expect([...targets.distances]).toEqual([0.5, 0.5, 1, 1])
    // One cell carries the object's whole weight, the logarithm of its area in input pixels.
    expect(targets.boxWeights[0]).toBeCloseTo(Math.log(144), 5)
    expect(targets.objectCount).toBe(1)
  })

  it('draws an ellipse: wider where the object is wider', () => {
    // 64 x 24 px = 8 x 3 cells: radii floor(4 * 0.54) = 2 and floor(1.5 * 0.54) = 0; sigma x = 5 / 6.
    const targets = createTargets([object(4, 28, 64, 24)], 1, square, grid)
    expect([...targets.cells]).toEqual([52, 53, 54, 55, 56])
    const expected = [-2, -1, 0, 1, 2].map((d) => Math.exp(-((d / (5 / 6)) ** 2) / 2))
    expected.forEach((value, index) => expect(targets.heat[index]).toBeCloseTo(value, 6))
    const sum = targets.boxWeights.reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(Math.log(64 * 24), 4)
  })

  it('lets the smaller of two overlapping objects own a cell, whatever their order', () => {
    const large = object(0, 0, 80, 80)
    const small = object(36, 36, 8, 8)
    for (const boxes of [
      [large, small],
      [small, large],
    ]) {
      const targets = createTargets(boxes, 1, square, grid)
      const position = targets.cells.indexOf(55)
      expect([...targets.distances.slice(position * 4, position * 4 + 4)]).toEqual([1, 1, 0, 0])
    }
  })

  it('takes no background from crowd regions, the bars or target cells', () => {
    const landscape = createLetterbox(160, 80, 80) // the image covers rows 2 to 7
    const crowd: TargetBox = {
      box: { x: 0, y: 0, width: 32, height: 160 },
      classIndex: 0,
      crowd: true,
    }
    const targets = createTargets([crowd, object(100, 30, 10, 10)], 1, landscape, grid)
    const cells = [...targets.background.keys()].filter((cell) => targets.background[cell] === 1)
    expect(targets.objectCount).toBe(1)
    expect([...targets.cells]).toEqual([46])
    expect(cells.every((cell) => cell % 10 >= 2 && cell >= 20 && cell < 80)).toBe(true)
    expect(cells).toHaveLength(6 * 8 - 1)
  })

  it('ignores boxes without extent', () => {
    const targets = createTargets([object(5, 5, 0, 10), object(5, 5, NaN, 10)], 1, square, grid)
    expect(targets.objectCount).toBe(0)
    expect(targets.cells).toHaveLength(0)
  })
})

describe('imageCells', () => {
  it('marks the cells whose centre lies on the image', () => {
    const portrait = createLetterbox(40, 80, 80) // columns 20..60 px
    const inside = imageCells(portrait, grid)
    expect([...inside.slice(0, 10)]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 0, 0])
  })
})
