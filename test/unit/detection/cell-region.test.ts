import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageRegion, spreadRegion } from '../../../src/core/detection/cell-region'
import { imageCells } from '../../../src/core/detection/targets'
import { createLetterbox } from '../../../src/core/geometry/letterbox'

describe('the region of the image', () => {
  const grid = { rows: 52, columns: 52, stride: 8 }

  it('leaves the grey bars out', () => {
    // 4:3 in 416 pixels: 312 pixels high from 52 on; the centre of row r lies at 8 r + 4, so rows 6 to 45 are inside, ends included.
    expect(imageRegion(createLetterbox(640, 480, 416), grid, 1)).toEqual({
      row: 6,
      column: 0,
      rows: 40,
      columns: 52,
    })
    expect(imageRegion(createLetterbox(480, 640, 416), grid, 2)).toEqual({
      row: 0,
      column: 6,
      rows: 52,
      columns: 40,
    })
  })

  it('holds every cell of the image, at multiples of the alignment', () => {
    const sides = fc.integer({ min: 1, max: 4000 })
    fc.assert(
      fc.property(sides, sides, fc.constantFrom(1, 2, 4), (width, height, alignment) => {
        const letterbox = createLetterbox(width, height, 416)
        const region = imageRegion(letterbox, grid, alignment)
        const { row, column, rows, columns } = region
        for (const at of [row, column, rows, columns]) expect(at % alignment).toBe(0)
        expect(row + rows).toBeLessThanOrEqual(52)
        expect(column + columns).toBeLessThanOrEqual(52)
        imageCells(letterbox, grid).forEach((isInside, cell) => {
          const y = Math.floor(cell / 52)
          const x = cell % 52
          const isHeld = y >= row && y < row + rows && x >= column && x < column + columns
          expect(isInside === 1 && !isHeld).toBe(false)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('is spread over the grid, plane by plane', () => {
    const region = { row: 1, column: 0, rows: 1, columns: 2 }
    const values = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8])
    const whole = spreadRegion(values, region, { rows: 2, columns: 3, stride: 8 }, 2, -1)
    expect([...whole]).toEqual([
      ...[-1, -1, -1, -1, -1, -1, 1, 2, 3, 4, -1, -1],
      ...[-1, -1, -1, -1, -1, -1, 5, 6, 7, 8, -1, -1],
    ])
  })
})
