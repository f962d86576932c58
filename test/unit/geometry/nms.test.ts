import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nonMaximumSuppression, type ScoredBox } from '../../../src/core/geometry/nms'
import { boxIou } from '../../../src/core/geometry/overlap'

const at = (x: number, score: number, group = 'a'): ScoredBox => ({
  box: { x, y: 0, width: 10, height: 10 },
  score,
  group,
})

describe('non-maximum suppression', () => {
  it('keeps the best of boxes that overlap by more than the limit', () => {
    // IoU of boxes 10 wide shifted by 2 is 8 / 12, by 4 is 6 / 14.
    expect(nonMaximumSuppression([at(0, 0.5), at(2, 0.9), at(6, 0.4)], 0.5, 9)).toEqual([1, 2])
    expect(nonMaximumSuppression([at(0, 0.5), at(2, 0.9), at(6, 0.4)], 0.7, 9)).toEqual([1, 0, 2])
  })

  it('keeps boxes whose overlap equals the limit', () => {
    expect(nonMaximumSuppression([at(0, 0.9), at(5, 0.8)], 1 / 3, 9)).toEqual([0, 1])
  })

  it('suppresses within a class only', () => {
    expect(nonMaximumSuppression([at(0, 0.5, 'a'), at(0, 0.9, 'b')], 0.5, 9)).toEqual([1, 0])
  })

  it('keeps input order among equal scores and stops at the limit', () => {
    expect(nonMaximumSuppression([at(0, 0.5), at(50, 0.5), at(100, 0.5)], 0.5, 2)).toEqual([0, 1])
  })

  it('leaves no two boxes of a class above the limit, and each one gone has a better rival', () => {
    const boxes = fc.array(
      fc.record({
        box: fc.record({
          x: fc.integer({ min: 0, max: 30 }),
          y: fc.integer({ min: 0, max: 30 }),
          width: fc.integer({ min: 1, max: 20 }),
          height: fc.integer({ min: 1, max: 20 }),
        }),
        score: fc.integer({ min: 0, max: 5 }).map((value) => value / 5),
        group: fc.constantFrom('a', 'b'),
      }),
      { maxLength: 25 },
    )
    fc.assert(
      fc.property(boxes, (candidates) => {
        const kept = nonMaximumSuppression(candidates, 0.4, 100).flatMap((i) => candidates[i] ?? [])
        const rivals = (one: ScoredBox) =>
          kept.filter((other) => other.group === one.group && boxIou(one.box, other.box) > 0.4)
        for (const one of kept) expect(rivals(one)).toEqual([one])
        for (const one of candidates) {
          if (kept.includes(one)) continue
          expect(Math.max(...rivals(one).map(({ score }) => score))).toBeGreaterThanOrEqual(
            one.score,
          )
        }
      }),
    )
  })
})
