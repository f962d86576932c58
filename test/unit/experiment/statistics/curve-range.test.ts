import { describe, expect, it } from 'vitest'
import {
  areaUnderCurve,
  commonRange,
  precisionAt,
} from '../../../../src/core/experiment/statistics/curve-range'
import { curve, point } from './curves'

const seconds = (values: readonly (readonly [number, number])[]) =>
  values.map(([x, ap50], index) => ({ ...point(10 * (index + 1), ap50), seconds: x }))

describe('commonRange', () => {
  it('is what all curves cover', () => {
    const a = seconds([
      [70, 0.2],
      [500, 0.4],
    ])
    const b = seconds([
      [90, 0.2],
      [300, 0.4],
    ])
    expect(commonRange([a, b], 'seconds')).toEqual({ from: 90, to: 300 })
  })

  it('is undefined for curves that share nothing, for one without points, and for none', () => {
    const early = seconds([[70, 0.2]])
    const late = seconds([[90, 0.2]])
    expect(commonRange([early, late], 'seconds')).toBeUndefined()
    expect(commonRange([early, []], 'seconds')).toBeUndefined()
    expect(commonRange([], 'seconds')).toBeUndefined()
  })
})

describe('precisionAt', () => {
  const { points } = curve(1, [0.2, 0.6, 0.5])

  it.each([
    [10, 0.2],
    [15, 0.4],
    [20, 0.6],
    [22.5, 0.575],
    [30, 0.5],
  ])('at %d images is %d', (place, height) => {
    expect(precisionAt(points, 'images', place)).toBeCloseTo(height, 12)
  })

  it('is that of the nearest end outside the curve', () => {
    expect(precisionAt(points, 'images', 0)).toBe(0.2)
    expect(precisionAt(points, 'images', 99)).toBe(0.5)
  })

  it('is that of the later round where a round added no box', () => {
    const empty = [point(10, 0.2, 50), point(20, 0.3, 50), point(30, 0.4, 60)]
    expect(precisionAt(empty, 'boxes', 50)).toBe(0.3)
    expect(precisionAt(empty, 'boxes', 55)).toBeCloseTo(0.35, 12)
  })
})

describe('areaUnderCurve', () => {
  it('is the trapezoid over the width, on a stretch that begins and ends between points', () => {
    const points = seconds([
      [70, 0.2],
      [210, 0.5],
      [300, 0.4],
      [480, 0.7],
    ])
    // numpy: g = [100, 210, 300, 400]; trapezoid(interp(g, x, y), g) / 300
    expect(areaUnderCurve(points, 'seconds', { from: 100, to: 400 })).toBeCloseTo(
      0.43623015873015875,
      12,
    )
  })

  it('of a flat curve is its height on every axis', () => {
    const { points } = curve(1, [0.4, 0.4, 0.4])
    for (const axis of ['images', 'boxes', 'seconds'] as const) {
      const range = commonRange([points], axis)
      expect(range && areaUnderCurve(points, axis, range)).toBeCloseTo(0.4, 12)
    }
  })

  it('ends at the first of several rounds at the end of the stretch', () => {
    // The last batch added no box: the trapezoid of 0.2 and 0.4.
    const points = [point(10, 0.2, 10), point(20, 0.4, 20), point(30, 0.6, 20)]
    expect(areaUnderCurve(points, 'boxes', { from: 10, to: 20 })).toBeCloseTo(0.3, 12)
  })

  it('without width is the height there', () => {
    const { points } = curve(1, [0.2, 0.6])
    expect(areaUnderCurve(points, 'images', { from: 15, to: 15 })).toBeCloseTo(0.4, 12)
  })
})
