import { expect, it } from 'vitest'
import { randomStrategy } from '../../../../src/core/acquisition/strategies/random'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf } from '../../../helpers/acquisition-evidence'

const pool = (...ids: readonly string[]) =>
  contextOf(Object.fromEntries(ids.map((id) => [id, { detections: undefined }])))

it('gives an image the same score whatever else is in the pool', () => {
  const small = randomStrategy.select(pool('b'), 1, {}, seededRandom(5))
  const large = randomStrategy.select(pool('a', 'b', 'c'), 3, {}, seededRandom(5))
  expect(large).toContainEqual(small[0])
})

it('draws evenly', () => {
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 2000; seed++) {
    const [{ imageId }] = randomStrategy.select(pool('a', 'b', 'c', 'd'), 1, {}, seededRandom(seed))
    counts.set(imageId, (counts.get(imageId) ?? 0) + 1)
  }
  // 500 each, standard deviation sqrt(2000 x 1/4 x 3/4) = 19.4.
  expect(counts.size).toBe(4)
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(4 * 19.4)
})
