import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/core/random/seeded'

const draws = (seed: number, n: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: n }, () => random.next())
}

describe('seededRandom', () => {
  it('gives the same stream for the same seed, for ever', () => {
    // Pinned: a change of these numbers silently changes every split and every experiment.
    expect(draws(1, 3)).toEqual([0.3668816142084893, 0.739222059847322, 0.5135409191759771])
    expect(draws(7, 50)).toEqual(draws(7, 50))
  })

  it('gives unrelated streams for neighbouring seeds, from the first draw on', () => {
    const first = Array.from({ length: 4000 }, (_, seed) => draws(seed, 1)[0] ?? NaN)
    const mean = first.reduce((a, b) => a + b, 0) / first.length
    const lagOne = first.slice(1).map((value, i) => (value - 0.5) * ((first[i] ?? NaN) - 0.5))
    const correlation = lagOne.reduce((a, b) => a + b, 0) / lagOne.length / (1 / 12)
    // Four standard errors: 1 / sqrt(12 n) for the mean, 1 / sqrt(n) for the correlation.
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 4000))
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(4000))
  })

  it('draws from [0, 1), uniformly', () => {
    const random = seededRandom(3)
    const bins = new Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const value = random.next()
      expect(value >= 0 && value < 1).toBe(true)
      const bin = Math.floor(value * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    // Chi-square with 9 degrees of freedom: the 0.999 quantile is 27.88.
    expect(bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(27.88)
  })

  it('draws every integer below the bound and no other', () => {
    const random = seededRandom(5)
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(random.integer(1)).toBe(0)
  })

  it.each([0, -1, 1.5, NaN, Infinity])('refuses integer(%s)', (bound) => {
    expect(() => seededRandom(1).integer(bound)).toThrow(RangeError)
  })

  it.each([NaN, Infinity, -Infinity])('refuses the seed %s', (seed) => {
    expect(() => seededRandom(seed)).toThrow(/finite/)
  })

  it('draws normals with mean 0, variance 1 and normal tails', () => {
    const random = seededRandom(11)
    const values = Array.from({ length: 20_000 }, () => random.normal())
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
    const beyondTwo = values.filter((v) => Math.abs(v) > 2).length / values.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.04)
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.006)
  })

  it('shuffles to a permutation and leaves the input alone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
        const before = [...items]
        const shuffled = seededRandom(seed).shuffle(items)
        expect(items).toEqual(before)
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b))
      }),
    )
  })

  it('shuffles without bias: each of the 6 orders of 3 items about equally often', () => {
    const random = seededRandom(13)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // Chi-square with 5 degrees of freedom: the 0.999 quantile is 20.52.
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
    expect(chi).toBeLessThan(20.52)
  })
})

describe('fork', () => {
  it('depends on seed and label only, and does not advance the parent', () => {
    const untouched = seededRandom(9)
    const forked = seededRandom(9)
    const early = forked.fork('split').next()
    expect(forked.next()).toBe(untouched.next())
    expect(forked.fork('split').next()).toBe(early)
  })

  it('gives different streams for different labels, paths and parents', () => {
    const root = seededRandom(9)
    const firsts = [
      root.next(),
      root.fork('').next(),
      root.fork('a').next(),
      root.fork('ab').next(),
      root.fork('a/b').next(),
      root.fork('a').fork('b').next(),
      root.fork('b').fork('a').next(),
      seededRandom(10).fork('a').next(),
    ]
    expect(new Set(firsts).size).toBe(firsts.length)
  })
})
