import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignSplit, drawTestSplit } from '../../../src/core/dataset/split'
import { seededRandom } from '../../../src/core/random/seeded'

const keys = (n: number) => Array.from({ length: n }, (_, i) => `image-${i}`)
const anyFraction = fc.double({ min: 0, max: 1, noNaN: true })

describe('drawTestSplit', () => {
  it.each([
    [364, 0.25, 91],
    [400, 0.2, 80],
    [10, 0.2, 2],
    [5, 0.01, 1],
    [4, 0.01, 0],
    [4, 0.2, 1],
    [100, 0, 0],
    [100, 1, 100],
    [0, 0.5, 0],
  ])('of %i images at %d takes %i', (count, fraction, expected) => {
    expect(drawTestSplit(keys(count), fraction, seededRandom(1)).size).toBe(expected)
  })

  it('depends on the seed and the set of keys, not on their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), anyFraction, fc.integer(), (ids, fraction, seed) => {
        const forward = drawTestSplit(ids, fraction, seededRandom(seed))
        const backward = drawTestSplit([...ids].reverse(), fraction, seededRandom(seed))
        expect(backward).toEqual(forward)
        expect([...forward].every((id) => ids.includes(id))).toBe(true)
      }),
    )
    expect(drawTestSplit(keys(100), 0.2, seededRandom(1))).not.toEqual(
      drawTestSplit(keys(100), 0.2, seededRandom(2)),
    )
  })

  it('takes every image about equally often', () => {
    const counts = new Map<string, number>(keys(10).map((key) => [key, 0]))
    for (let seed = 0; seed < 2000; seed++) {
      for (const key of drawTestSplit(keys(10), 0.2, seededRandom(seed))) {
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
    // 2000 x 0.2 = 400 each, standard deviation sqrt(2000 x 0.2 x 0.8) = 18.
    for (const count of counts.values()) expect(Math.abs(count - 400)).toBeLessThan(4 * 18)
  })

  it.each([-0.1, 1.1, NaN])('refuses the fraction %d', (fraction) => {
    expect(() => drawTestSplit(keys(10), fraction, seededRandom(1))).toThrow(/from 0 to 1/)
  })
})

describe('assignSplit', () => {
  const sideOf = (test: ReadonlySet<string>) => (id: string) =>
    [id, test.has(id) ? 'test' : 'pool'] as const

  it('is the first draw when nothing is split yet', () => {
    const drawn = drawTestSplit(keys(50), 0.2, seededRandom(3))
    expect(assignSplit(new Map(), keys(50), 0.2, seededRandom(3))).toEqual(
      new Map(keys(50).map(sideOf(drawn))),
    )
  })

  it('brings the share of all images to the fraction without touching the frozen ones', () => {
    const first = assignSplit(new Map(), keys(50), 0.2, seededRandom(3))
    const second = assignSplit(first, keys(80), 0.2, seededRandom(4))
    expect([...second.keys()]).toEqual(keys(80).slice(50))
    const all = [...first.values(), ...second.values()]
    expect(all.filter((split) => split === 'test')).toHaveLength(16)
  })

  it('keeps the share when images trickle in one by one', () => {
    let known = new Map(assignSplit(new Map(), [], 0.2, seededRandom(0)))
    keys(40).forEach((key, i) => {
      known = new Map([...known, ...assignSplit(known, [key], 0.2, seededRandom(i))])
    })
    expect([...known.values()].filter((split) => split === 'test')).toHaveLength(8)
  })

  it('takes none of the new images when the test split is already larger than wanted', () => {
    const frozen = new Map(keys(10).map((id) => [id, 'test' as const]))
    const later = assignSplit(frozen, ['new-1', 'new-2'], 0.2, seededRandom(1))
    expect([...later.values()]).toEqual(['pool', 'pool'])
  })
})
