import { describe, expect, test } from 'vitest'
import type { Point } from '../../../src/synth/camera'
import { polygonArea, visibleExtents } from '../../../src/synth/visible-extent'

function rectangle(x: number, y: number, width: number, height: number): Point[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]
}

describe('visibleExtents', () => {
  test('an uncovered rectangle is wholly visible and keeps its box', () => {
    expect(visibleExtents([rectangle(2, 3, 10, 5)], 40, 30)).toEqual([
      { fraction: 1, box: { x: 2, y: 3, width: 10, height: 5 } },
    ])
  })

  test('the part outside the image counts as hidden', () => {
    expect(visibleExtents([rectangle(-6, 0, 8, 10)], 40, 30)).toEqual([
      { fraction: 0.25, box: { x: 0, y: 0, width: 2, height: 10 } },
    ])
  })

  test('later polygons cover earlier ones', () => {
    const [back, front] = visibleExtents([rectangle(0, 0, 10, 10), rectangle(3, 0, 10, 10)], 40, 30)
    expect(back).toEqual({ fraction: 0.3, box: { x: 0, y: 0, width: 3, height: 10 } })
    expect(front).toEqual({ fraction: 1, box: { x: 3, y: 0, width: 10, height: 10 } })
  })

  test('a cover across the middle leaves one box around both parts', () => {
    const [back] = visibleExtents([rectangle(0, 0, 10, 10), rectangle(4, 0, 2, 10)], 40, 30)
    expect(back).toEqual({ fraction: 0.8, box: { x: 0, y: 0, width: 10, height: 10 } })
  })

  test('what is hidden completely has no box', () => {
    const [hidden, , outside] = visibleExtents(
      [rectangle(5, 5, 4, 4), rectangle(4, 4, 6, 6), rectangle(50, 50, 4, 4)],
      40,
      30,
    )
    expect(hidden).toEqual({ fraction: 0, box: undefined })
    expect(outside).toEqual({ fraction: 0, box: undefined })
  })

  test('the holes of a concave outline show what is behind', () => {
    // A U with arms 2 wide and a base 2 high, 6 x 6: its hollow is 2 x 4.
    const u = [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 4 },
      { x: 4, y: 4 },
      { x: 4, y: 0 },
      { x: 6, y: 0 },
      { x: 6, y: 6 },
      { x: 0, y: 6 },
    ]
    expect(polygonArea(u)).toBe(28)
    const [back] = visibleExtents([rectangle(0, 0, 6, 6), u], 10, 10)
    expect(back.box).toEqual({ x: 2, y: 0, width: 2, height: 4 })
    expect(back.fraction).toBeCloseTo(8 / 36, 12)
  })
})
