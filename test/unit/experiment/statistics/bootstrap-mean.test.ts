import { describe, expect, it } from 'vitest'
import { bootstrapMean } from '../../../../src/core/experiment/statistics/bootstrap-mean'
import { learningBand } from '../../../../src/core/experiment/statistics/bands'
import { seededRandom } from '../../../../src/core/random/seeded'
import { curve } from './curves'

describe('bootstrapMean', () => {
  it("of three and four values is Student's interval, of fewer there is none", () => {
    // mean -+ t s / sqrt(n) with t(0.975, 2) = 4.302653 and t(0.975, 3) = 3.182446.
    const three = bootstrapMean([0.1, 0.2, 0.6], seededRandom(1))
    expect(three?.low).toBeCloseTo(-0.35724106, 6)
    expect(three?.high).toBeCloseTo(0.95724106, 6)
    const four = bootstrapMean([0.1, 0.2, 0.6, 0.7], seededRandom(1))
    expect(four?.low).toBeCloseTo(-0.06844341, 6)
    expect(four?.high).toBeCloseTo(0.86844341, 6)
    const none = { low: undefined, high: undefined }
    expect(bootstrapMean([0.1, 0.3], seededRandom(1))).toEqual({ mean: 0.2, ...none })
  })

  it('comes near the normal interval for many values', () => {
    const values = Array.from({ length: 400 }, (_, index) => seededRandom(index).normal())
    const interval = bootstrapMean(values, seededRandom(1))
    const mean = values.reduce((sum, value) => sum + value, 0) / 400
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400)
    const half = (1.96 * deviation) / 20
    expect(interval?.mean).toBeCloseTo(mean, 12)
    expect(Math.abs((interval?.low ?? NaN) - (mean - half))).toBeLessThan(0.1 * half)
    expect(Math.abs((interval?.high ?? NaN) - (mean + half))).toBeLessThan(0.1 * half)
  })

  it.each([
    [3, 0.95],
    [4, 0.95],
    [5, 0.92],
    [10, 0.94],
  ])('of %d values holds the truth as often as it should', (count, expected) => {
    const samples = 400
    const hits = Array.from({ length: samples }, (_, sample) => {
      const normal = seededRandom(sample)
      const values = Array.from({ length: count }, () => normal.normal())
      const { low = NaN, high = NaN } = bootstrapMean(values, normal.fork('bootstrap')) ?? {}
      return low <= 0 && high >= 0
    }).filter(Boolean).length
    // Two standard errors of such a share are 0.03; by the percentiles 2.5 and 97.5 it is 0.85 of five values, 0.88 of ten.
    expect(Math.abs(hits / samples - expected)).toBeLessThan(0.03)
  })

  it('is the same for the same seed, and there is none for one value', () => {
    const values = [0.1, 0.4, 0.2, 0.25, 0.3]
    expect(bootstrapMean(values, seededRandom(3))).toEqual(bootstrapMean(values, seededRandom(3)))
    expect(bootstrapMean([0.4], seededRandom(3))).toEqual({
      mean: 0.4,
      low: undefined,
      high: undefined,
    })
    expect(bootstrapMean([], seededRandom(3))).toBeUndefined()
  })
})

describe('learningBand', () => {
  it('goes through the means of the rounds, between the lowest and the highest curve', () => {
    const curves = [0, 0.1, 0.2, 0.3, 0.4].map((level, seed) =>
      curve(seed, [0.2 + level, 0.4 + level, 0.5]),
    )
    const band = learningBand(curves, 'images', 3, seededRandom(1))
    expect(band.map(({ place }) => place)).toEqual([10, 20, 30])
    expect(band.map(({ mean }) => Number(mean.toFixed(10)))).toEqual([0.4, 0.6, 0.5])
    const [first, second, last] = band.map(({ low = NaN, high = NaN }) => [low, high])
    expect(first[0]).toBeGreaterThan(0.2)
    expect(first[1]).toBeLessThan(0.6)
    // The same seeds are drawn everywhere.
    expect(second[0]).toBeCloseTo(first[0] + 0.2, 12)
    expect(second[1]).toBeCloseTo(first[1] + 0.2, 12)
    expect(last).toEqual([0.5, 0.5])
  })

  it('ends by boxes where the first curve ends, and is empty without curves', () => {
    const few = curve(1, [0.2, 0.4, 0.6], 5)
    const many = curve(2, [0.2, 0.4, 0.6], 20)
    const band = learningBand([few, many], 'boxes', 5, seededRandom(1))
    expect(band[0].place).toBe(100)
    expect(band[4].place).toBe(200)
    expect(learningBand([], 'boxes', 5, seededRandom(1))).toEqual([])
  })
})
