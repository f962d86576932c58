import { describe, expect, it } from 'vitest'
import {
  criticalT,
  incompleteBeta,
  pairedTTest,
} from '../../../../src/core/experiment/statistics/student-t'

describe('incompleteBeta', () => {
  // scipy.special.betainc(a, b, x)
  it.each([
    [2, 0.5, 0.3, 0.03784096948581308],
    [4.5, 0.5, 0.9, 0.3434363961379134],
    [0.5, 0.5, 0.5, 0.5],
    [1.5, 0.5, 0.01, 0.0004256932865778925],
    [50, 0.5, 0.97, 0.08169933372182264],
    [3, 7, 0.2, 0.26180249600000016],
    [2.5, 1.25, 0.999, 0.9994782211098358],
    [2, 3, 0, 0],
    [2, 3, 1, 1],
  ])('I(%d, %d) at %d', (a, b, x, expected) => {
    expect(incompleteBeta(a, b, x)).toBeCloseTo(expected, 12)
  })
})

describe('pairedTTest', () => {
  // scipy.stats.ttest_1samp(differences, 0).pvalue
  it.each([
    [[0.051, 0.062, 0.038], 0.01846601379733141],
    [[0.012, -0.004, 0.03, 0.021, 0.007], 0.0861281559310622],
    [[0.02, -0.03, 0.01, -0.005, 0.002, 0.04, -0.01, 0.03, 0.015, -0.002], 0.30745612962773655],
  ])('of %j', (differences, expected) => {
    expect(pairedTTest(differences)).toBeCloseTo(expected, 12)
    expect(pairedTTest(differences.map((value) => -value))).toBeCloseTo(expected, 12)
  })

  it('of equal differences is certain, of none at all undecided', () => {
    expect(pairedTTest([0.1, 0.1, 0.1])).toBe(0)
    expect(pairedTTest([0, 0, 0])).toBe(1)
    expect(pairedTTest([0.1])).toBeUndefined()
  })
})

describe('criticalT', () => {
  // scipy.stats.t.ppf(0.975, freedom)
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [4, 2.7764451051977934],
    [9, 2.262157162798205],
    [29, 2.045229642132703],
    [399, 1.965927295920882],
  ])('of %d degrees of freedom', (freedom, expected) => {
    expect(criticalT(freedom)).toBeCloseTo(expected, 9)
  })
})
