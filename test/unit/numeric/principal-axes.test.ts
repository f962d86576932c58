import { describe, expect, it } from 'vitest'
import { principalAxes } from '../../../src/core/numeric/principal-axes'
import { seededRandom } from '../../../src/core/random/seeded'

/** V diag(values) V^T for the orthogonal V of a Householder reflection, whose columns are the eigenvectors. */
function symmetric(values: number[], direction: number[]) {
  const size = values.length
  const norm = direction.reduce((sum, value) => sum + value * value, 0)
  const v = (row: number, column: number): number =>
    (row === column ? 1 : 0) - (2 * (direction[row] ?? 0) * (direction[column] ?? 0)) / norm
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        matrix[i * size + j] = (matrix[i * size + j] ?? 0) + v(i, k) * (values[k] ?? 0) * v(j, k)
      }
    }
  }
  return { matrix, column: (k: number) => Array.from({ length: size }, (_, row) => v(row, k)) }
}

describe('principalAxes', () => {
  it('solves a 2 x 2 matrix exactly', () => {
    const { values, vectors } = principalAxes(Float64Array.of(2, 1, 1, 2), 2, 2, 5, seededRandom(1))
    expect(values[0]).toBeCloseTo(3, 10)
    expect(values[1]).toBeCloseTo(1, 10)
    expect(vectors[0]).toBeCloseTo(Math.SQRT1_2, 8)
    expect(vectors[1]).toBeCloseTo(Math.SQRT1_2, 8)
  })

  it('finds the leading eigenpairs of a known spectrum', () => {
    const size = 60
    const spectrum = Array.from({ length: size }, (_, index) => 100 * 0.7 ** index)
    const { matrix, column } = symmetric(
      spectrum,
      Array.from({ length: size }, (_, i) => Math.sin(i + 1)),
    )
    const { values, vectors } = principalAxes(matrix, size, 10, 12, seededRandom(2))
    for (let axis = 0; axis < 10; axis++) {
      expect((values[axis] ?? 0) / (spectrum[axis] ?? 1)).toBeCloseTo(1, 6)
      const cosine = column(axis).reduce(
        (sum, value, i) => sum + value * (vectors[axis * size + i] ?? 0),
        0,
      )
      expect(Math.abs(cosine)).toBeCloseTo(1, 6)
    }
  })

  it('survives a matrix of low rank', () => {
    const { matrix } = symmetric([5, 3, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6])
    const { values, vectors } = principalAxes(matrix, 6, 4, 12, seededRandom(3))
    expect([...values].map((value) => value.toFixed(6).replace('-0.0', '0.0'))).toEqual([
      '5.000000',
      '3.000000',
      '0.000000',
      '0.000000',
    ])
    expect([...vectors].every(Number.isFinite)).toBe(true)
  })

  it('refuses more axes than dimensions', () => {
    expect(() => principalAxes(new Float64Array(4), 2, 3, 1, seededRandom(1))).toThrow('1 to 2')
  })
})
