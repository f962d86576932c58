import { describe, expect, it } from 'vitest'
import { isotonicFit } from '../../../../src/core/numeric/isotonic-fit'
import { effortAt, labelSaving } from '../../../../src/core/experiment/statistics/label-saving'
import { seededRandom } from '../../../../src/core/random/seeded'
import { curve, point } from './curves'

describe('isotonicFit', () => {
  it('pools adjacent violators', () => {
    // scipy.optimize.isotonic_regression([.2, .5, .4, .45, .9, .7, .8])
    const fitted = isotonicFit([0.2, 0.5, 0.4, 0.45, 0.9, 0.7, 0.8])
    const expected = [0.2, 0.45, 0.45, 0.45, 0.8, 0.8, 0.8]
    fitted.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 12))
    expect(fitted).toHaveLength(expected.length)
  })

  it('of a falling sequence is its mean, and of a growing one the sequence', () => {
    isotonicFit([0.3, 0.2, 0.1]).forEach((value) => expect(value).toBeCloseTo(0.2, 12))
    expect(isotonicFit([0.1, 0.2, 0.3])).toEqual([0.1, 0.2, 0.3])
  })
})

describe('effortAt', () => {
  it('is linear between the rounds of the fit', () => {
    // Fitted: 0.2, 0.5, 0.5, 0.8. 0.4 is two thirds of the way from 10 to 20 images, 0.65 half way from 30 to 40.
    const { points } = curve(1, [0.2, 0.6, 0.4, 0.8])
    expect(effortAt(points, 'images', 0.4)).toBeCloseTo(10 + 20 / 3, 12)
    expect(effortAt(points, 'images', 0.65)).toBeCloseTo(35, 12)
  })

  it('is the first round where that is enough, and unknown where nothing is', () => {
    const { points } = curve(1, [0.5, 0.6])
    expect(effortAt(points, 'images', 0.5)).toBe(10)
    expect(effortAt(points, 'images', 0.61)).toBeUndefined()
  })
})

describe('labelSaving', () => {
  const random = curve(1, [0.2, 0.4, 0.6]).points
  const saving = (pairs: Parameters<typeof labelSaving>[0], target: number) =>
    labelSaving(pairs, 'images', target, seededRandom(1))

  it('is 1 - n_strategy / n_random, by the geometric mean of the ratios of the seeds', () => {
    // At 0.5 random takes 25 images, the strategies 15, 20 and 25: ratios of 0.6, 0.8 and 1.
    const fast = curve(1, [0.2, 0.8, 0.9]).points
    const slower = curve(2, [0.2, 0.5, 0.9]).points
    const { mean, low, high, notReached } = saving(
      [fast, slower, random].map((own) => ({ own, random })),
      0.5,
    )
    expect(mean).toBeCloseTo(1 - Math.cbrt(0.6 * 0.8), 12)
    // Student's interval of ln 0.6, ln 0.8 and 0, t(0.975, 2) = 4.302653, as ratios.
    expect(low).toBeCloseTo(-0.4792126, 6)
    expect(high).toBeCloseTo(0.58555819, 6)
    expect(notReached).toBe(0)
  })

  it('takes random to be there at its end where only the strategy reaches the target', () => {
    // 0.8 after 20 of random's 30 images.
    const { mean, notReached } = saving([{ own: curve(1, [0.2, 0.8, 0.9]).points, random }], 0.8)
    expect(mean).toBeCloseTo(1 / 3, 12)
    expect(notReached).toBe(1)
  })

  it('takes the strategy to be there at its end where only random reaches the target', () => {
    // 30 images at least, where random takes 20.
    const own = random
    const { mean, notReached } = saving([{ own, random: curve(1, [0.2, 0.8]).points }], 0.8)
    expect(mean).toBeCloseTo(-0.5, 12)
    expect(notReached).toBe(1)
  })

  it('treats the two alike: with the sides exchanged the ratio is turned over', () => {
    const fast = curve(1, [0.2, 0.8, 0.9]).points
    const forth = saving([{ own: fast, random }], 0.8).mean ?? NaN
    const back = saving([{ own: random, random: fast }], 0.8).mean ?? NaN
    expect((1 - forth) * (1 - back)).toBeCloseTo(1, 12)
  })

  it('is 0 where one seed takes half of the time and another twice', () => {
    const early = curve(1, [0.2, 0.8]).points
    const late = curve(1, [0.2, 0.4, 0.4, 0.8]).points
    const { mean, low, high } = saving(
      [
        { own: early, random: late },
        { own: late, random: early },
      ],
      0.8,
    )
    expect(mean).toBeCloseTo(0, 12)
    expect([low, high]).toEqual([undefined, undefined])
  })

  it('knows nothing where only one side gets there, and not before the other ends', () => {
    // 0.7 after 36 images, where random ends with 30 and does not get there.
    const late = curve(2, [0.2, 0.3, 0.4, 0.9]).points
    const unknown = { mean: undefined, low: undefined, high: undefined, notReached: 1 }
    expect(saving([{ own: late, random }], 0.7)).toMatchObject(unknown)
    expect(saving([{ own: random, random: late }], 0.7)).toMatchObject(unknown)
  })

  it('knows nothing where neither gets there', () => {
    const never = curve(1, [0.2, 0.3, 0.4]).points
    expect(saving([{ own: never, random }], 0.7)).toEqual({
      target: 0.7,
      mean: undefined,
      low: undefined,
      high: undefined,
      notReached: 1,
    })
  })

  it('leaves no seed out: where none of the two is faster as far as both go, they are alike', () => {
    // 0.8 after 20 of random's 30 images with one seed, with neither in the other: two thirds, and 1.
    const fast = curve(1, [0.2, 0.8, 0.9]).points
    const never = curve(2, [0.2, 0.3, 0.4]).points
    const { mean, notReached } = saving(
      [
        { own: fast, random },
        { own: never, random },
      ],
      0.8,
    )
    expect(mean).toBeCloseTo(1 - Math.sqrt(2 / 3), 12)
    expect(notReached).toBe(2)
  })

  it('is unknown where random needs nothing', () => {
    const free = [point(10, 0.9, 0), point(20, 0.9, 5)]
    const { mean, notReached } = labelSaving(
      [{ own: free, random: free }],
      'boxes',
      0.5,
      seededRandom(1),
    )
    expect(mean).toBeUndefined()
    expect(notReached).toBe(0)
  })

  it('is 0 for random against itself', () => {
    expect(saving([{ own: random, random }], 0.5)).toMatchObject({ mean: 0, notReached: 0 })
  })
})
