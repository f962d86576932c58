import { describe, expect, it } from 'vitest'
import { entropyStrategy } from '../../../../src/core/acquisition/strategies/entropy'
import type { ParameterValues } from '../../../../src/core/acquisition/types'
import type { Detection } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, detection, platelets } from '../../../helpers/acquisition-evidence'

const scoreOf = (detections: readonly Detection[], parameters: ParameterValues = {}) =>
  entropyStrategy.select(contextOf({ i: { detections } }), 1, parameters, seededRandom(1))[0]

describe('entropy', () => {
  // H: 0.5 -> 0.693147, 0.9 -> 0.325083, 0.2 -> 0.500402; 0.04 is below the threshold.
  const found = [detection(0.9), detection(0.5, platelets), detection(0.2), detection(0.04)]

  it.each([
    ['sum', 1.518633],
    ['mean', 0.506211],
    ['max', 0.693147],
  ])('aggregates by %s', (aggregation, expected) => {
    expect(scoreOf(found, { aggregation }).score).toBeCloseTo(expected, 6)
  })

  it('sums the k most uncertain boxes by top-k', () => {
    const four = [...found, detection(0.8), detection(0.999)]
    // 0.693147 + 0.500402 + 0.500402 (H(0.8) = H(0.2))
    expect(scoreOf(four, { aggregation: 'top-k', k: '3' }).score).toBeCloseTo(1.693952, 6)
  })

  it('leaves out boxes below the threshold', () => {
    expect(scoreOf(found, { threshold: '0.3' }).score).toBeCloseTo(1.01823, 6)
    expect(scoreOf(found, { threshold: '0.2' }).score).toBeCloseTo(1.518633, 6)
  })

  it('says why in words and numbers', () => {
    expect(scoreOf(found).reason).toBe(
      '2 of 3 boxes uncertain, entropy 1.52; least sure: Platelets 0.50',
    )
    expect(scoreOf([detection(0.95)], { aggregation: 'max' }).reason).toBe(
      '0 of 1 box uncertain, entropy (max) 0.20; least sure: RBC 0.95',
    )
    expect(scoreOf(found, { aggregation: 'top-k', k: '3' }).reason).toContain('entropy (top 3)')
  })

  it('speaks of a class by its id when it has no name', () => {
    const { categoryNames: _, ...unnamed } = contextOf({ i: { detections: [detection(0.5)] } })
    const [{ reason }] = entropyStrategy.select(unnamed, 1, {}, seededRandom(1))
    expect(reason).toContain('least sure: c-rbc 0.50')
  })

  it('scores 0 without boxes and without prediction, and says which', () => {
    const pool = contextOf({
      empty: { detections: [] },
      low: { detections: [detection(0.01)] },
      absent: { detections: undefined },
    })
    expect(new Set(entropyStrategy.select(pool, 3, {}, seededRandom(1)))).toEqual(
      new Set([
        { imageId: 'empty', score: 0, reason: 'no box with a score of 0.1 or more' },
        { imageId: 'low', score: 0, reason: 'no box with a score of 0.1 or more' },
        { imageId: 'absent', score: 0, reason: 'no prediction of this image yet' },
      ]),
    )
  })

  it('refuses a parameter it does not know', () => {
    expect(() => scoreOf(found, { aggregation: 'median' })).toThrow(/sum, mean, max, top-k/)
    expect(() => scoreOf(found, { k: 'many' })).toThrow("Boxes summed by top-k is 'many'")
    expect(() => scoreOf(found, { threshold: 2 })).toThrow('from 0.05 to 0.9')
  })
})
