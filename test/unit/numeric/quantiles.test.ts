import { describe, expect, it } from 'vitest'
import { mean, median, medianOfSorted, quantile } from '../../../src/core/numeric/quantiles'

describe('mean', () => {
  it('is the sum over the number', () => {
    expect(mean([1, 2, 6])).toBe(3)
    expect(mean(Float64Array.of(0.5))).toBe(0.5)
    expect(mean([])).toBeNaN()
  })
})

describe('median', () => {
  it('is the middle one, of an even number the mean of the two middle ones', () => {
    expect(median([9, 1, 4])).toBe(4)
    expect(median([8, 2, 1, 4])).toBe(3)
    expect(median([0.1])).toBe(0.1)
    expect(median([])).toBeUndefined()
  })

  it('leaves the values as they were', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('takes sorted values as they are', () => {
    expect(medianOfSorted(Float64Array.of(1, 2, 4, 8))).toBe(3)
    expect(medianOfSorted(Float64Array.of(1, 2, 4))).toBe(2)
    expect(medianOfSorted(new Float64Array())).toBeUndefined()
  })
})

describe('quantile', () => {
  it('interpolates between order statistics, as numpy does', () => {
    const values = [1, 2, 4, 8]
    expect(quantile(values, 0.025)).toBeCloseTo(1.075, 12)
    expect(quantile(values, 0.5)).toBe(3)
    expect(quantile(values, 0.9)).toBeCloseTo(6.8, 12)
    expect(quantile(values, 1)).toBe(8)
    expect(quantile([7], 0.3)).toBe(7)
  })
})
