import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxFromCorners,
  clampBox,
  defaultBox,
  growBox,
  handles,
  isOnOutline,
  resizeBox,
  smallestAt,
  translateBox,
} from '../../../src/app/annotator/geometry'
import { handleAt } from '../../../src/ui/annotator/tools/hit-test'

const image = { width: 100, height: 80 }
const box = { x: 20, y: 10, width: 30, height: 20 }
const anywhere = fc.double({ min: -300, max: 300, noNaN: true })

function expectInside(result: { x: number; y: number; width: number; height: number }): void {
  expect(result.x).toBeGreaterThanOrEqual(0)
  expect(result.y).toBeGreaterThanOrEqual(0)
  expect(result.x + result.width).toBeLessThanOrEqual(image.width + 1e-9)
  expect(result.y + result.height).toBeLessThanOrEqual(image.height + 1e-9)
  expect(result.width).toBeGreaterThanOrEqual(2)
  expect(result.height).toBeGreaterThanOrEqual(2)
  for (const value of Object.values(result)) {
    expect(Math.abs(value * 100 - Math.round(value * 100))).toBeLessThan(1e-6)
  }
}

describe('drawing', () => {
  it('spans the same box in every direction', () => {
    const expected = { x: 20, y: 10, width: 30, height: 20 }
    for (const [a, b] of [
      [
        { x: 20, y: 10 },
        { x: 50, y: 30 },
      ],
      [
        { x: 50, y: 30 },
        { x: 20, y: 10 },
      ],
      [
        { x: 50, y: 10 },
        { x: 20, y: 30 },
      ],
      [
        { x: 20, y: 30 },
        { x: 50, y: 10 },
      ],
    ] as const) {
      expect(boxFromCorners(a, b, image)).toEqual(expected)
    }
  })

  it('is clamped to the image', () => {
    const result = boxFromCorners({ x: 90, y: 70 }, { x: 150, y: 200 }, image)
    expect(result).toEqual({ x: 90, y: 70, width: 10, height: 10 })
  })

  it('keeps two pixels a side, growing inwards at the edge', () => {
    expect(boxFromCorners({ x: 10, y: 10 }, { x: 10.5, y: 9.5 }, image)).toEqual({
      x: 10,
      y: 8,
      width: 2,
      height: 2,
    })
    expect(boxFromCorners({ x: 100, y: 80 }, { x: 100, y: 80 }, image)).toEqual({
      x: 98,
      y: 78,
      width: 2,
      height: 2,
    })
  })

  it('rounds to hundredths of a pixel', () => {
    expect(boxFromCorners({ x: 1.23456, y: 2 }, { x: 9.87654, y: 9 }, image)).toEqual({
      x: 1.23,
      y: 2,
      width: 8.65,
      height: 7,
    })
  })

  it('stays inside, large enough and rounded wherever the pointer goes', () => {
    fc.assert(
      fc.property(anywhere, anywhere, anywhere, anywhere, (ax, ay, bx, by) => {
        expectInside(boxFromCorners({ x: ax, y: ay }, { x: bx, y: by }, image))
      }),
    )
  })

  it('fits even an image of one pixel', () => {
    const one = { width: 1, height: 1 }
    expect(clampBox({ x: 0, y: 0, width: 5, height: 5 }, one)).toEqual({
      x: 0,
      y: 0,
      width: 1,
      height: 1,
    })
  })
})

describe('resizing', () => {
  it('moves only the held edges', () => {
    expect(resizeBox(box, 'e', 5, 99, image)).toEqual({ x: 20, y: 10, width: 35, height: 20 })
    expect(resizeBox(box, 'n', 99, -4, image)).toEqual({ x: 20, y: 6, width: 30, height: 24 })
    expect(resizeBox(box, 'sw', -5, 5, image)).toEqual({ x: 15, y: 10, width: 35, height: 25 })
  })

  it('turns over when dragged across the opposite edge', () => {
    // The left edge, at 20, goes to 60; the right edge stays at 50.
    expect(resizeBox(box, 'w', 40, 0, image)).toEqual({ x: 50, y: 10, width: 10, height: 20 })
    // The bottom right corner, at (50, 30), goes to (15, 5); the top left one stays at (20, 10).
    expect(resizeBox(box, 'se', -35, -25, image)).toEqual({ x: 15, y: 5, width: 5, height: 5 })
  })

  it('stays inside, large enough and rounded for every handle and distance', () => {
    fc.assert(
      fc.property(fc.constantFrom(...handles), anywhere, anywhere, (handle, dx, dy) => {
        expectInside(resizeBox(box, handle, dx, dy, image))
      }),
    )
  })

  it('by keys never turns over', () => {
    expect(growBox(box, -1, 10, image)).toEqual({ x: 20, y: 10, width: 29, height: 30 })
    expect(growBox(box, -99, -99, image)).toEqual({ x: 20, y: 10, width: 2, height: 2 })
    expect(growBox(box, 999, 0, image)).toEqual({ x: 20, y: 10, width: 80, height: 20 })
  })
})

describe('moving', () => {
  it('keeps the size and stops at the edges', () => {
    expect(translateBox(box, 3, -4, image)).toEqual({ x: 23, y: 6, width: 30, height: 20 })
    expect(translateBox(box, 999, -999, image)).toEqual({ x: 70, y: 0, width: 30, height: 20 })
  })

  it('there and back is where it was', () => {
    const dx = fc.integer({ min: -20, max: 50 })
    const dy = fc.integer({ min: -10, max: 50 })
    fc.assert(
      fc.property(dx, dy, (x, y) => {
        expect(translateBox(translateBox(box, x, y, image), -x, -y, image)).toEqual(box)
      }),
    )
  })
})

describe('finding a box', () => {
  const small = { id: 'small', box: { x: 30, y: 15, width: 5, height: 5 } }
  const large = { id: 'large', box }

  it('takes the smallest around the point, whatever the order', () => {
    expect(smallestAt([small, large], { x: 32, y: 17 })?.id).toBe('small')
    expect(smallestAt([large, small], { x: 32, y: 17 })?.id).toBe('small')
    expect(smallestAt([large, small], { x: 22, y: 12 })?.id).toBe('large')
    expect(smallestAt([large, small], { x: 5, y: 5 })).toBeUndefined()
  })

  it('takes the last of two equal ones, which is drawn on top', () => {
    const copy = { id: 'copy', box }
    expect(smallestAt([large, copy], { x: 22, y: 12 })?.id).toBe('copy')
  })

  it('tells the outline from the inside', () => {
    expect(isOnOutline(box, { x: 21, y: 20 }, 3)).toBe(true)
    expect(isOnOutline(box, { x: 17.5, y: 20 }, 3)).toBe(true)
    expect(isOnOutline(box, { x: 35, y: 20 }, 3)).toBe(false)
    expect(isOnOutline(box, { x: 10, y: 20 }, 3)).toBe(false)
  })

  it('finds the nearest handle within reach', () => {
    expect(handleAt(box, { x: 21, y: 11 }, 4)).toBe('nw')
    expect(handleAt(box, { x: 49, y: 20 }, 4)).toBe('e')
    expect(handleAt(box, { x: 35, y: 31 }, 4)).toBe('s')
    expect(handleAt(box, { x: 35, y: 20 }, 4)).toBeUndefined()
  })
})

describe('a box without a pointer', () => {
  it('is a fifth of the image, around the centre given, inside the image', () => {
    expect(defaultBox({ x: 50, y: 40 }, image)).toEqual({ x: 40, y: 32, width: 20, height: 16 })
    expect(defaultBox({ x: 0, y: 80 }, image)).toEqual({ x: 0, y: 64, width: 20, height: 16 })
  })
})
