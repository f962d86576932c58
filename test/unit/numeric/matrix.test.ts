import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cosineOfRows,
  featureMatrix,
  firstRows,
  nearestSquaredDistances,
  pairwiseSquaredDistances,
  selectRows,
  squaredDistance,
  squaredDistancesTo,
  stackRows,
  standardisedMatrices,
} from '../../../src/core/numeric/matrix'
import { anyRows, distanceOf, matrixOf } from '../../helpers/matrices'

describe('squared distances', () => {
  it('are sums of squares', () => {
    const matrix = matrixOf([
      [1, 2, 3, 4, 5],
      [2, 0, 3, 7, 1],
    ])
    // 1 + 4 + 0 + 9 + 16
    expect(squaredDistance(matrix, 0, matrix, 1)).toBe(30)
  })

  it('agree with the definition for any rows', () => {
    fc.assert(
      fc.property(anyRows({ min: 2, max: 6 }, 7), (rows) => {
        const matrix = matrixOf(rows)
        expect(squaredDistance(matrix, 0, matrix, 1)).toBeCloseTo(
          distanceOf(rows[0], rows[1]) ** 2,
          9,
        )
      }),
    )
  })

  it('of many rows to one are the same to the last digit as one by one', () => {
    const anyMatrix = fc.array(
      fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 5, maxLength: 5 }),
      { minLength: 1, maxLength: 11 },
    )
    fc.assert(
      fc.property(anyMatrix, (rows) => {
        const matrix = matrixOf(rows)
        const distances = new Float64Array(rows.length)
        squaredDistancesTo(matrix, matrix, rows.length - 1, distances)
        expect([...distances]).toEqual(
          rows.map((_, row) => squaredDistance(matrix, row, matrix, rows.length - 1)),
        )
      }),
    )
  })

  it('are exactly 0 for equal rows, whatever the numbers', () => {
    const anyRow = fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), {
      minLength: 1,
      maxLength: 9,
    })
    fc.assert(
      fc.property(anyRow, (row) => {
        const matrix = matrixOf([row, row])
        expect(squaredDistance(matrix, 0, matrix, 1)).toBe(0)
      }),
    )
  })

  it('to the nearest centre are the smallest, Infinity without centres', () => {
    const matrix = matrixOf([[0], [5], [9]])
    expect([...nearestSquaredDistances(matrix, matrixOf([[1], [7]]))]).toEqual([1, 4, 4])
    const none = firstRows(matrix, 0)
    expect([...nearestSquaredDistances(matrix, none)]).toEqual([Infinity, Infinity, Infinity])
  })

  it('of all pairs come in ascending order', () => {
    // 0-3: 9, 0-10: 100, 3-10: 49
    expect([...pairwiseSquaredDistances(matrixOf([[0], [3], [10]]))]).toEqual([9, 49, 100])
  })
})

describe('standardisedMatrices', () => {
  it('brings every column to mean 0 and deviation 1 over all groups together', () => {
    const [first, second] = standardisedMatrices([
      [Float32Array.of(1, 7), Float32Array.of(3, 7)],
      [Float32Array.of(5, 7), Float32Array.of(7, 7)],
    ])
    // Mean 4, variance (9 + 1 + 1 + 9) / 4 = 5; the second column never changes.
    const unit = Math.fround(1 / Math.sqrt(5))
    expect([...first.values]).toEqual([Math.fround(-3 / Math.sqrt(5)), 0, -unit, 0])
    expect([...second.values]).toEqual([unit, 0, Math.fround(3 / Math.sqrt(5)), 0])
  })

  it('takes what rounding makes of a constant for a constant', () => {
    // A third added ten times over is not a third in binary: the mean is off, by less than one part in a million.
    const same = Array.from({ length: 10 }, () => Float32Array.of(1 / 3))
    // Neighbouring numbers of 24 bits.
    const noisy = [Float32Array.of(-3), Float32Array.of(-3 - 2 ** -22), Float32Array.of(-3)]
    for (const vectors of [same, noisy]) {
      const [matrix] = standardisedMatrices([vectors])
      expect([...matrix.squaredNorms]).toEqual(vectors.map(() => 0))
    }
  })

  it('leaves no small difference out: one part in a hundred thousand counts', () => {
    const [matrix] = standardisedMatrices([[Float32Array.of(100_001), Float32Array.of(99_999)]])
    expect([...matrix.values]).toEqual([1, -1])
  })

  it('refuses vectors of different lengths', () => {
    expect(() => standardisedMatrices([[new Float32Array(2)], [new Float32Array(3)]])).toThrow(
      'length 3, of another 2',
    )
  })

  it('makes empty matrices of nothing', () => {
    expect(standardisedMatrices([[], []]).map(({ rows, columns }) => [rows, columns])).toEqual([
      [0, 0],
      [0, 0],
    ])
  })
})

describe('rows', () => {
  const matrix = matrixOf([
    [1, 2],
    [3, 4],
    [5, 6],
  ])

  it('can be selected, cut off and stacked, their norms with them', () => {
    expect(selectRows(matrix, [2, 0])).toEqual(
      matrixOf([
        [5, 6],
        [1, 2],
      ]),
    )
    expect([...firstRows(matrix, 2).values]).toEqual([1, 2, 3, 4])
    expect([...firstRows(matrix, 2).squaredNorms]).toEqual([5, 25])
    expect(firstRows(matrix, 9).rows).toBe(3)
    expect(stackRows(firstRows(matrix, 2), selectRows(matrix, [2]))).toEqual(matrix)
  })

  it('have the cosine of their angle, 0 for one without direction', () => {
    const directions = matrixOf([
      [1, 0],
      [3, 4],
      [-2, 0],
      [0, 0],
    ])
    expect(cosineOfRows(directions, 0, 1)).toBeCloseTo(0.6, 12)
    expect(cosineOfRows(directions, 0, 2)).toBe(-1)
    expect(cosineOfRows(directions, 0, 3)).toBe(0)
  })

  it('must be as many as the numbers make', () => {
    expect(() => featureMatrix(new Float32Array(5), 2, 3)).toThrow('5 numbers are not 2 rows of 3')
  })
})
