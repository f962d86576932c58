import { expect, it } from 'vitest'
import { cosineSimilarity } from '../../../src/core/numeric/cosine-similarity'

const cosine = (a: readonly number[], b: readonly number[]) =>
  cosineSimilarity(Float32Array.from(a), Float32Array.from(b))

it('is the cosine of the angle, whatever the lengths', () => {
  // (3, 4) . (10, 0) / (5 x 10)
  expect(cosine([3, 4], [10, 0])).toBe(0.6)
  expect(cosine([1, 2], [-2, -4])).toBeCloseTo(-1, 12)
  expect(cosine([1, 0], [0, 7])).toBe(0)
})

it('is 0 where a vector has no direction', () => {
  expect(cosine([0, 0], [1, 1])).toBe(0)
})

it('never exceeds 1 by rounding', () => {
  // 3 / (sqrt 3 x sqrt 3) is 1.0000000000000002 in double precision.
  expect(cosine([1, 1, 1], [1, 1, 1])).toBe(1)
})
