import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kMeans } from '../../../src/core/numeric/k-means'
import { seededRandom } from '../../../src/core/random/seeded'
import { anyRows, distanceOf, matrixOf } from '../../helpers/matrices'

const cluster = (rows: number[][], k: number, seed = 1) => [
  ...kMeans(matrixOf(rows), k, seededRandom(seed)).clusters,
]

/** The rows of each cluster. */
function members(rows: number[][], clusters: readonly number[]): number[][][] {
  return [...new Set(clusters)].map((own) => rows.filter((_, row) => clusters[row] === own))
}

const meanOf = (rows: readonly number[][]): number[] =>
  rows[0].map((_, column) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length)

describe('kMeans', () => {
  it('parts groups that lie far apart, whatever the seed', () => {
    const rows = [[0], [1], [100], [101], [102], [1000]]
    for (let seed = 0; seed < 50; seed++) {
      const [a, b, c, d, e, f] = cluster(rows, 3, seed)
      expect([b, d, e]).toEqual([a, c, c])
      expect(new Set([a, c, f]).size).toBe(3)
    }
  })

  it('finds the two means of 0, 1, 5, 6, 7', () => {
    // Whichever two rows are the seeds, the iterations end with {0, 1}, mean 0.5, and {5, 6, 7}, mean 6.
    for (let seed = 0; seed < 20; seed++) {
      const [a, b, c, d, e] = cluster([[0], [1], [5], [6], [7]], 2, seed)
      expect([a === b, c === d, d === e, a === c]).toEqual([true, true, true, false])
    }
  })

  it('gives the means as centres, each the nearest of its rows', () => {
    const matrix = matrixOf([[0], [1], [5], [6], [7]])
    const { clusters, centres } = kMeans(matrix, 2, seededRandom(1))
    expect(Array.from(clusters, (cluster) => centres.values[cluster])).toEqual([0.5, 0.5, 6, 6, 6])
  })

  it('makes no more clusters than there are different rows', () => {
    expect(new Set(cluster([[3], [3], [8], [3]], 4)).size).toBe(2)
    expect(cluster([[3], [3]], 1)).toEqual([0, 0])
    expect(new Set(cluster([[1], [2], [3]], 3)).size).toBe(3)
  })

  it('leaves every row with the nearest mean, the same for a seed', () => {
    fc.assert(
      fc.property(
        anyRows({ min: 1, max: 12 }, 2),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        (rows, k, seed) => {
          const clusters = cluster(rows, k, seed)
          expect(cluster(rows, k, seed)).toEqual(clusters)
          const groups = members(rows, clusters)
          const means = groups.map(meanOf)
          groups.forEach((group, index) => {
            for (const row of group) {
              const nearest = Math.min(...means.map((mean) => distanceOf(row, mean)))
              expect(distanceOf(row, means[index])).toBeCloseTo(nearest, 5)
            }
          })
        },
      ),
    )
  })
})
