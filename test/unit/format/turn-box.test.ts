import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { turnBox } from '../../../src/core/format/turn-box'

const side = fc.integer({ min: 1, max: 5000 })
const boxIn = (width: number, height: number) =>
  fc
    .record({
      x: fc.nat(width - 1),
      y: fc.nat(height - 1),
      right: fc.nat(width - 1),
      bottom: fc.nat(height - 1),
    })
    .map(({ x, y, right, bottom }) => ({
      x: Math.min(x, right),
      y: Math.min(y, bottom),
      width: Math.abs(x - right) + 1,
      height: Math.abs(y - bottom) + 1,
    }))
const framed = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    box: boxIn(width, height),
  }),
)

describe('turnBox', () => {
  // a 2 x 1 box in the upper left corner of a stored 10 x 6 frame
  it.each([
    [1, { x: 0, y: 0, width: 2, height: 1 }],
    [2, { x: 8, y: 0, width: 2, height: 1 }],
    [3, { x: 8, y: 5, width: 2, height: 1 }],
    [4, { x: 0, y: 5, width: 2, height: 1 }],
    [5, { x: 0, y: 0, width: 1, height: 2 }],
    [6, { x: 5, y: 0, width: 1, height: 2 }],
    [7, { x: 5, y: 8, width: 1, height: 2 }],
    [8, { x: 0, y: 8, width: 1, height: 2 }],
  ])('orientation %i', (orientation, expected) => {
    expect(turnBox({ x: 0, y: 0, width: 2, height: 1 }, orientation, 10, 6)).toEqual(expected)
  })

  it('is undone by the inverse orientation', () => {
    // 6 and 8 undo each other; every other orientation is its own inverse
    const inverse = [0, 1, 2, 3, 4, 5, 8, 7, 6]
    fc.assert(
      fc.property(framed, fc.integer({ min: 1, max: 8 }), ({ width, height, box }, orientation) => {
        const turned = turnBox(box, orientation, width, height)
        const [turnedWidth, turnedHeight] = orientation >= 5 ? [height, width] : [width, height]
        expect(turned.x).toBeGreaterThanOrEqual(0)
        expect(turned.y).toBeGreaterThanOrEqual(0)
        expect(turned.x + turned.width).toBeLessThanOrEqual(turnedWidth)
        expect(turned.y + turned.height).toBeLessThanOrEqual(turnedHeight)
        expect(turnBox(turned, inverse[orientation] ?? 0, turnedWidth, turnedHeight)).toEqual(box)
      }),
    )
  })

  it.each([0, 9, 1.5, Number.NaN])('refuses orientation %d', (orientation) => {
    expect(() => turnBox({ x: 0, y: 0, width: 1, height: 1 }, orientation, 10, 6)).toThrow(
      RangeError,
    )
  })
})
