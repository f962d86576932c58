import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binaryEntropy,
  classDistribution,
  committeeDisagreement,
  jensenShannonDivergence,
} from '../../../../src/core/acquisition/doubt/uncertainty'

const anyProbability = fc.double({ min: 0, max: 1, noNaN: true })

describe('binaryEntropy', () => {
  it('is 0 for a sure box, ln 2 for a coin toss, and symmetric', () => {
    expect([binaryEntropy(0), binaryEntropy(1)]).toEqual([0, 0])
    expect(binaryEntropy(0.5)).toBeCloseTo(Math.LN2, 15)
    // 0.9 ln(1/0.9) + 0.1 ln 10 = 0.0948245 + 0.2302585
    expect(binaryEntropy(0.9)).toBeCloseTo(0.325083, 6)
    expect(binaryEntropy(0.1)).toBeCloseTo(binaryEntropy(0.9), 15)
  })
})

describe('committeeDisagreement', () => {
  it('is the entropy of the mean minus the mean of the entropies', () => {
    // H(0.5) - H(0.9) = 0.693147 - 0.325083
    expect(committeeDisagreement([0.9, 0.1])).toBeCloseTo(0.368064, 6)
    // H(0.42) - H(0.9) = 0.680292 - 0.325083
    expect(committeeDisagreement([0.9, 0.9, 0.1, 0.1, 0.1])).toBeCloseTo(0.355209, 6)
    expect(committeeDisagreement([0, 1])).toBeCloseTo(Math.LN2, 15)
  })

  it('is 0 where all agree, however unsure they are, and for one member or none', () => {
    expect(committeeDisagreement([0.5, 0.5, 0.5])).toBe(0)
    expect(committeeDisagreement([0.3])).toBe(0)
    expect(committeeDisagreement([])).toBe(0)
  })

  it('lies between 0 and ln 2', () => {
    fc.assert(
      fc.property(fc.array(anyProbability, { minLength: 1, maxLength: 7 }), (scores) => {
        const disagreement = committeeDisagreement(scores)
        expect(disagreement).toBeGreaterThanOrEqual(0)
        expect(disagreement).toBeLessThanOrEqual(Math.LN2 + 1e-12)
      }),
    )
  })
})

describe('jensenShannonDivergence', () => {
  it('is the entropy of the middle minus the mean entropy', () => {
    // H(3/4, 1/4) - (H(1/2, 1/2) + H(1, 0)) / 2 = 0.562335 - 0.346574
    expect(jensenShannonDivergence([0.5, 0.5], [1, 0])).toBeCloseTo(0.215762, 6)
    expect(jensenShannonDivergence([1, 0, 0], [0, 0, 1])).toBeCloseTo(Math.LN2, 15)
    expect(jensenShannonDivergence([0.2, 0.3, 0.5], [0.2, 0.3, 0.5])).toBe(0)
  })

  it('is symmetric', () => {
    const pair = fc.tuple(anyProbability, anyProbability)
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const [a, b] = [
          [p, 1 - p],
          [q, 1 - q],
        ]
        expect(jensenShannonDivergence(a, b)).toBeCloseTo(jensenShannonDivergence(b, a), 12)
      }),
    )
  })
})

describe('classDistribution', () => {
  it('leaves the rest to the background', () => {
    const [a, b, background] = classDistribution([0.2, 0.3])
    expect([a, b]).toEqual([0.2, 0.3])
    expect(background).toBeCloseTo(0.5, 15)
    expect(classDistribution([0, 0])).toEqual([0, 0, 1])
  })

  it('scales sigmoids that exceed 1 together', () => {
    expect(classDistribution([0.8, 0.8])).toEqual([0.5, 0.5, 0])
  })
})
