import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Box } from '../../../src/core/geometry/box'
import { boxArea, boxIou, clipBox, intersectionArea } from '../../../src/core/geometry/overlap'

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height })
const anyBox = fc.record({
  x: fc.integer({ min: -50, max: 50 }),
  y: fc.integer({ min: -50, max: 50 }),
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
})

describe('overlap of boxes', () => {
  it('counts shared pixels', () => {
    expect(intersectionArea(box(0, 0, 10, 10), box(5, 6, 10, 10))).toBe(20)
    expect(boxIou(box(0, 0, 10, 10), box(5, 6, 10, 10))).toBeCloseTo(20 / 180, 12)
  })

  it('is zero for boxes that only touch, and for empty boxes', () => {
    expect(boxIou(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0)
    expect(boxIou(box(3, 3, 0, 0), box(3, 3, 0, 0))).toBe(0)
    expect(boxArea(box(0, 0, -4, 5))).toBe(0)
  })

  it('is symmetric, within 0..1, and 1 for a box with itself', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (a, b) => {
        const iou = boxIou(a, b)
        expect(iou).toBe(boxIou(b, a))
        expect(iou).toBeGreaterThanOrEqual(0)
        expect(iou).toBeLessThanOrEqual(1)
        expect(boxIou(a, a)).toBe(1)
      }),
    )
  })

  it('does not change when both boxes are moved', () => {
    fc.assert(
      fc.property(anyBox, anyBox, fc.integer({ min: -9, max: 9 }), (a, b, shift) => {
        const moved = (one: Box): Box => ({ ...one, x: one.x + shift, y: one.y - shift })
        expect(boxIou(moved(a), moved(b))).toBe(boxIou(a, b))
      }),
    )
  })
})

describe('clipBox', () => {
  it('returns the very box where it fits', () => {
    fc.assert(
      fc.property(anyBox, ({ width, height }) => {
        // (0.1 + width) - 0.1 is not width for most widths.
        const inside = box(0.1, 0.7, width, height)
        expect(clipBox(inside, 100, 100)).toBe(inside)
      }),
    )
  })

  it.each([
    [box(-5, 90, 20, 20), box(0, 90, 15, 10)],
    [box(8, 4, 100, 5), box(8, 4, 92, 5)],
    [box(-5, -5, 200, 200), box(0, 0, 100, 100)],
    [box(100, 0, 5, 5), undefined],
    [box(-5, 0, 5, 5), undefined],
    [box(5, 5, 0, 5), undefined],
    [box(NaN, 5, 5, 5), undefined],
    [box(5, 5, 5, NaN), undefined],
  ])('clips %j to 100 x 100', (given, expected) => {
    expect(clipBox(given, 100, 100)).toEqual(expected)
  })
})
