import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectBatch } from '../../../src/core/acquisition/select'
import type { AcquisitionScore } from '../../../src/core/acquisition/types'
import type { ImageId } from '../../../src/core/dataset/types'
import { seededRandom } from '../../../src/core/random/seeded'

const scored = (id: string, score: number): AcquisitionScore => ({
  imageId: id as ImageId,
  score,
  reason: `because ${score}`,
})

/** Few distinct values, so that ties are common. */
const anyScores = fc
  .uniqueArray(fc.string({ minLength: 1 }))
  .chain((ids) =>
    fc.tuple(...ids.map((id) => fc.integer({ min: -3, max: 3 }).map((score) => scored(id, score)))),
  )

describe('selectBatch', () => {
  it('takes the highest scores, best first, reasons included', () => {
    const scores = [scored('a', 0.2), scored('b', 3), scored('c', -1), scored('d', 1.5)]
    expect(selectBatch(scores, 2, seededRandom(1))).toEqual([scored('b', 3), scored('d', 1.5)])
  })

  it('takes everything when the pool is smaller than the batch, and nothing for 0', () => {
    const scores = [scored('a', 1), scored('b', 2)]
    expect(selectBatch(scores, 10, seededRandom(1)).map((s) => s.imageId)).toEqual(['b', 'a'])
    expect(selectBatch(scores, 0, seededRandom(1))).toEqual([])
    expect(selectBatch([], 10, seededRandom(1))).toEqual([])
  })

  it('leaves no image out that scores higher than one it takes', () => {
    fc.assert(
      fc.property(anyScores, fc.nat({ max: 12 }), fc.integer(), (scores, size, seed) => {
        const picks = selectBatch(scores, size, seededRandom(seed))
        expect(picks).toHaveLength(Math.min(size, scores.length))
        const taken = new Set(picks.map((pick) => pick.imageId))
        expect(taken.size).toBe(picks.length)
        const lowest = Math.min(...picks.map((pick) => pick.score))
        for (const { imageId, score } of scores) {
          if (!taken.has(imageId)) expect(score).toBeLessThanOrEqual(lowest)
        }
        expect(picks.map((p) => p.score)).toEqual(picks.map((p) => p.score).sort((a, b) => b - a))
      }),
    )
  })

  it('depends on seed and scores, not on their order', () => {
    fc.assert(
      fc.property(anyScores, fc.nat({ max: 12 }), fc.integer(), (scores, size, seed) => {
        expect(selectBatch([...scores].reverse(), size, seededRandom(seed))).toEqual(
          selectBatch(scores, size, seededRandom(seed)),
        )
      }),
    )
  })

  it('breaks ties evenly by the seed', () => {
    const scores = ['a', 'b', 'c', 'd'].map((id) => scored(id, 1))
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 2000; seed++) {
      const [{ imageId }] = selectBatch(scores, 1, seededRandom(seed))
      counts.set(imageId, (counts.get(imageId) ?? 0) + 1)
    }
    // 500 each, standard deviation sqrt(2000 x 1/4 x 3/4) = 19.4.
    expect(counts.size).toBe(4)
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(4 * 19.4)
  })

  it('counts an image scored twice once, with its higher score', () => {
    const scores = [scored('a', 1), scored('b', 2), scored('a', 3)]
    expect(selectBatch(scores, 3, seededRandom(1))).toEqual([scored('a', 3), scored('b', 2)])
  })

  it.each([NaN, Infinity, -Infinity])('refuses the score %d and names the image', (score) => {
    expect(() => selectBatch([scored('x7', score)], 1, seededRandom(1))).toThrow(/image x7/)
  })

  it.each([-1, 1.5, NaN])('refuses the batch size %d', (size) => {
    expect(() => selectBatch([scored('a', 1)], size, seededRandom(1))).toThrow(RangeError)
  })
})
