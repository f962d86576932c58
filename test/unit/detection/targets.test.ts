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
  it('gives a tiny object full heat at its cell, some beside it, and its box to the cells inside', () => {
    // 1.5 x 1.5 cells with the centre at (3.75, 2.75); sigma is at its smallest, 0.5. Cell 23 has its centre at
    // (3.5, 2.5); its neighbours to the right and below lie on the box's border.
    const targets = createTargets([object(24, 16, 12, 12, 1)], 2, square, grid)
    const beside = Math.exp(-(0.75 ** 2 + 0.25 ** 2) / 0.5)
    const diagonal = Math.exp(-(0.75 ** 2 + 0.75 ** 2) / 0.5)
    expect([...targets.cells]).toEqual([23, 24, 33, 34])
    const heat = [0, 1, 0, beside, 0, beside, 0, diagonal]
    heat.forEach((value, index) => expect(targets.heat[index]).toBeCloseTo(value, 6))
    expect([...targets.distances.slice(0, 4)]).toEqual([0.5, 0.5, 1, 1])
    // One cell carries the object's whole weight, the logarithm of its area in input pixels.
    expect(targets.boxWeights[0]).toBeCloseTo(Math.log(144), 5)
    expect([...targets.boxWeights.slice(1)]).toEqual([0, 0, 0])
    expect(targets.objectCount).toBe(1)
  })

  it('draws an ellipse: wider where the object is wider', () => {
    // 9 x 1 cells around the centre of cell 55: sigma x = 9 * 0.54 / 6 = 0.81, sigma y = 0.5, cut off at 2.5 sigma.
    const targets = createTargets([object(8, 40, 72, 8)], 1, square, grid)
    const at = (cell: number): number => targets.heat[targets.cells.indexOf(cell)] ?? NaN
    const expected = (dx: number, dy: number): number =>
      Math.exp(-((dx / 0.81) ** 2 + (dy / 0.5) ** 2) / 2)
    const row = [53, 54, 55, 56, 57]
    expect(targets.cells.filter((cell) => cell >= 50 && cell < 60)).toEqual(Int32Array.from(row))
    expect(targets.cells.filter((cell) => cell < 50)).toEqual(Int32Array.of(44, 45, 46))
    expect(at(55)).toBe(1)
    expect(at(56)).toBeCloseTo(expected(1, 0), 6)
    expect(at(53)).toBeCloseTo(expected(2, 0), 6)
    expect(at(44)).toBeCloseTo(expected(1, 1), 6)
    // The rows above and below lie outside the box: its weight is on the middle row.
    const weights = row.map((cell) => targets.boxWeights[targets.cells.indexOf(cell)] ?? NaN)
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.log(72 * 8), 4)
    expect((weights[3] ?? NaN) / (weights[2] ?? NaN)).toBeCloseTo(expected(1, 0), 5)
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
    expect([...targets.cells]).toEqual([36, 45, 46, 47, 56, 57])
    expect(cells.every((cell) => cell % 10 >= 2 && cell >= 20 && cell < 80)).toBe(true)
    expect(cells).toHaveLength(6 * 8 - 6)
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
