import { describe, expect, it } from 'vitest'
import { repetition } from '../../../../src/core/acquisition/variety/repetition'
import type { LabelingCost } from '../../../../src/core/acquisition/types'
import { contextOf, detection, wbc, type Evidence } from '../../../helpers/acquisition-evidence'

const repetitionOf = (
  detections: Evidence['detections'],
  cost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 },
) => {
  const context = contextOf({ a: { detections } }, {}, { cost })
  return repetition(context.unlabeled[0], context)
}
const many = (count: number, ...rest: Parameters<typeof detection>) =>
  Array.from({ length: count }, () => detection(...rest))

describe('repetition', () => {
  it('is the time to label an image over that for the root of the number of objects of each class', () => {
    // 7 + 7 x 9 = 70 s against 7 + 7 x 3 = 28 s.
    expect(repetitionOf(many(9, 1))).toBeCloseTo(70 / 28, 12)
    // 7 + 7 x 13 = 98 s against 7 + 7 x (3 + 2) = 42 s.
    expect(repetitionOf([...many(9, 1), ...many(4, 1, wbc)])).toBeCloseTo(98 / 42, 12)
  })

  it('counts objects by their probability, and what fewer than one repeats not at all', () => {
    // 8 x 0.5 = 4 objects: 35 s against 21 s.
    expect(repetitionOf(many(8, 0.5))).toBeCloseTo(35 / 21, 12)
    expect(repetitionOf(many(2, 0.4))).toBe(1)
  })

  it('is 1 where every class is there once, nothing is seen or nobody has looked', () => {
    expect(repetitionOf([detection(1), detection(1, wbc)])).toBe(1)
    expect(repetitionOf([])).toBe(1)
    expect(repetitionOf(undefined)).toBe(1)
  })

  it('counts less where looking at an image takes longer than its boxes, nothing where time is not counted', () => {
    // 55 + 5 x 9 = 100 s against 55 + 5 x 3 = 70 s.
    expect(repetitionOf(many(9, 1), { secondsPerImage: 55, secondsPerBox: 5 })).toBeCloseTo(
      100 / 70,
      12,
    )
    expect(repetitionOf(many(9, 1), { secondsPerImage: 0, secondsPerBox: 0 })).toBe(1)
    expect(repetitionOf([], { secondsPerImage: 0, secondsPerBox: 7 })).toBe(1)
  })
})
