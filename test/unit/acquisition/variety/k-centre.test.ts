import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstRows,
  lowerToNearest,
  nearestSquaredDistances,
} from '../../../../src/core/numeric/matrix'
import { greedyKCentre } from '../../../../src/core/acquisition/variety/k-centre'
import { anyRows, distanceOf, matrixOf } from '../../../helpers/matrices'

function pick(rows: number[][], centres: number[][], count: number, first?: number) {
  const matrix = matrixOf(rows)
  const given = centres.length > 0 ? matrixOf(centres) : firstRows(matrix, 0)
  return greedyKCentre(
    nearestSquaredDistances(matrix, given),
    count,
    (nearest, picked) => lowerToNearest(nearest, matrix, matrix, picked),
    first,
  )
}

/** The largest distance of a row to its nearest centre. */
function radius(rows: readonly number[][], centres: readonly number[][]): number {
  return Math.max(
    ...rows.map((row) => Math.min(...centres.map((centre) => distanceOf(row, centre)))),
  )
}

/** Every choice of so many of the items. */
function choices<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]]
  return items.flatMap((item, index) =>
    choices(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]),
  )
}

describe('greedyKCentre', () => {
  it('takes the farthest from every centre so far', () => {
    // From 0: 1, 5, 9 are 1, 5, 9 away; then 5 is 4 from 9, then 1 is 1 from 0. Squared.
    expect(pick([[1], [5], [9]], [[0]], 3)).toEqual([
      { index: 2, distance: 81 },
      { index: 1, distance: 16 },
      { index: 0, distance: 1 },
    ])
  })

  it('starts where it is told to without centres, and takes the first of equals', () => {
    expect(pick([[0], [4], [-4]], [], 2, 0)).toEqual([
      { index: 0, distance: Infinity },
      { index: 1, distance: 16 },
    ])
    expect(pick([[0], [4], [-4]], [], 1)).toEqual([{ index: 0, distance: Infinity }])
  })

  it('takes equal items too, each once, and all when asked for more than there are', () => {
    expect(pick([[2], [2], [2]], [[0]], 9).map(({ index }) => index)).toEqual([0, 1, 2])
    expect(pick([[2]], [[0]], 0)).toEqual([])
    expect(greedyKCentre(new Float64Array(0), 3, () => undefined)).toEqual([])
  })

  it('leaves no row farther away than twice what the best choice could', () => {
    const anyProblem = fc.tuple(
      anyRows({ min: 2, max: 8 }, 2),
      anyRows({ min: 0, max: 2 }, 2),
      fc.integer({ min: 1, max: 3 }),
    )
    fc.assert(
      fc.property(anyProblem, ([rows, centres, count]) => {
        const picks = pick(rows, centres, count)
        const reached = radius(rows, [...centres, ...picks.map(({ index }) => rows[index])])
        const best = Math.min(
          ...choices(rows, picks.length).map((chosen) => radius(rows, [...centres, ...chosen])),
        )
        expect(reached).toBeLessThanOrEqual(2 * best + 1e-6)
      }),
    )
  })

  it('never picks at a larger distance than before', () => {
    fc.assert(
      fc.property(anyRows({ min: 1, max: 12 }, 3), (rows) => {
        const distances = pick(rows, [[0, 0, 0]], rows.length).map(({ distance }) => distance)
        expect(distances).toEqual([...distances].sort((a, b) => b - a))
      }),
    )
  })
})
