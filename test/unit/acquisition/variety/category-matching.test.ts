import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  featuredBoxes,
  matchingDistance,
  type FeaturedBox,
} from '../../../../src/core/acquisition/variety/category-matching'
import type { ImageId } from '../../../../src/core/dataset/types'
import { detection, platelets, rbc, wbc } from '../../../helpers/acquisition-evidence'

const box = (score: number, categoryId = rbc, ...direction: number[]): FeaturedBox => ({
  score,
  categoryId,
  direction: Float32Array.from(direction),
})

describe('matchingDistance', () => {
  it('averages 1 - cosine with the most similar box of the class, 2 without one', () => {
    const a = [box(0.8, rbc, 1, 0), box(0.2, wbc, 0, 1)]
    const b = [box(0.5, rbc, 0.6, 0.8), box(0.5, rbc, 0, -1)]
    // From a: RBC 1 - 0.6 (the other has 1 - 0), WBC 2: (0.8 x 0.4 + 0.2 x 2) / 1 = 0.72.
    // From b: 1 - 0.6 and 1 - 0: (0.5 x 0.4 + 0.5 x 1) / 1 = 0.7.
    expect(matchingDistance(a, b)).toBeCloseTo(0.71, 6)
  })

  it('is 0 for twins, 2 for images without a class in common, and for one that is empty', () => {
    const a = [box(0.8, rbc, 1, 0), box(0.2, rbc, 0, 1)]
    expect(matchingDistance(a, a)).toBe(0)
    expect(matchingDistance(a, [box(0.9, platelets, 1, 0)])).toBe(2)
    expect(matchingDistance(a, [])).toBe(2)
    expect(matchingDistance([], [])).toBe(0)
  })

  it('is symmetric and lies between 0 and 2', () => {
    const anyBox = fc
      .record({
        score: fc.double({ min: 0.05, max: 1, noNaN: true }),
        categoryId: fc.constantFrom(rbc, wbc),
        angle: fc.double({ min: 0, max: 7, noNaN: true }),
      })
      .map(({ score, categoryId, angle }) =>
        box(score, categoryId, Math.cos(angle), Math.sin(angle)),
      )
    const anyBoxes = fc.array(anyBox, { maxLength: 5 })
    fc.assert(
      fc.property(anyBoxes, anyBoxes, (a, b) => {
        const distance = matchingDistance(a, b)
        expect(matchingDistance(b, a)).toBeCloseTo(distance, 12)
        expect(distance).toBeGreaterThanOrEqual(0)
        expect(distance).toBeLessThanOrEqual(2 + 1e-6)
      }),
    )
  })
})

describe('featuredBoxes', () => {
  const image = (count: number) => ({
    imageId: 'i' as ImageId,
    detections: Array.from({ length: count }, (_, index) => detection((index + 1) / 100)),
    boxFeatures: (found: readonly { score: number }[]) =>
      found.map(({ score }) => Float32Array.of(0, 300 * score)),
  })

  it('are the surest, at most 32, with features of length 1', () => {
    const found = featuredBoxes(image(60), 0.05)
    expect(found?.map(({ score }) => score)).toEqual(
      Array.from({ length: 32 }, (_, index) => (60 - index) / 100),
    )
    expect(found?.every(({ direction: [x, y] }) => x === 0 && y === 1)).toBe(true)
    expect(featuredBoxes(image(60), 0.59)).toHaveLength(2)
  })

  it('are unknown without features or without a prediction', () => {
    expect(featuredBoxes({ ...image(3), boxFeatures: undefined }, 0.05)).toBeUndefined()
    expect(featuredBoxes({ ...image(3), detections: undefined }, 0.05)).toBeUndefined()
    expect(featuredBoxes(image(0), 0.05)).toEqual([])
  })
})
