import type { RandomSource } from '../random/types'
import {
  featureMatrix,
  lowerToNearest,
  selectRows,
  squaredDistancesTo,
  type FeatureMatrix,
} from './matrix'

const iterations = 20

/** Rows in groups of which each has a centre. */
export interface Clustering {
  /** Of each row, 0-based: the centre it is nearest to. */
  readonly clusters: Int32Array
  /** The means of the clusters, as they were before the last rows moved. */
  readonly centres: FeatureMatrix
}

/**
 * Clusters the rows by k-means: k-means++ seeding (Arthur & Vassilvitskii 2007), then Lloyd's iterations until nothing
 * moves, 20 at most.
 *
 * @returns fewer than `k` clusters where the rows have fewer different values
 */
export function kMeans(matrix: FeatureMatrix, k: number, random: RandomSource): Clustering {
  const clusters = new Int32Array(matrix.rows)
  if (matrix.rows === 0) return { clusters, centres: matrix }
  let centres = seedCentres(matrix, k, random)
  assign(matrix, centres, clusters)
  for (let iteration = 0; iteration < iterations; iteration++) {
    centres = meansOf(matrix, centres, clusters)
    if (!assign(matrix, centres, clusters)) break
  }
  return { clusters, centres }
}

/** Rows drawn one after the other, with a probability proportional to the squared distance to those drawn before. */
function seedCentres(matrix: FeatureMatrix, k: number, random: RandomSource): FeatureMatrix {
  const nearest = new Float64Array(matrix.rows).fill(Infinity)
  const chosen = [random.integer(matrix.rows)]
  lowerToNearest(nearest, matrix, matrix, chosen[0])
  while (chosen.length < k) {
    const total = nearest.reduce((sum, distance) => sum + distance, 0)
    if (!(total > 0)) break
    let left = random.next() * total
    // Rounding may leave a little over: then the last row that can be drawn is.
    let row = nearest.findLastIndex((distance) => distance > 0)
    for (let i = 0; i < matrix.rows; i++) {
      left -= nearest[i]
      if (left < 0) {
        row = i
        break
      }
    }
    chosen.push(row)
    lowerToNearest(nearest, matrix, matrix, row)
  }
  return selectRows(matrix, chosen)
}

/** Moves every row to its nearest centre, of equally near ones the first. @returns whether any row moved */
function assign(matrix: FeatureMatrix, centres: FeatureMatrix, clusters: Int32Array): boolean {
  const distances = new Float64Array(centres.rows)
  let moved = false
  for (let row = 0; row < matrix.rows; row++) {
    squaredDistancesTo(centres, matrix, row, distances)
    let nearest = 0
    for (let centre = 1; centre < centres.rows; centre++) {
      if (distances[centre] < distances[nearest]) nearest = centre
    }
    if (clusters[row] !== nearest) moved = true
    clusters[row] = nearest
  }
  return moved
}

/** The mean of each cluster; one without rows stays where it was. */
function meansOf(
  matrix: FeatureMatrix,
  centres: FeatureMatrix,
  clusters: Int32Array,
): FeatureMatrix {
  const { columns } = matrix
  const sums = new Float64Array(centres.rows * columns)
  const sizes = new Int32Array(centres.rows)
  for (let row = 0; row < matrix.rows; row++) {
    const cluster = clusters[row]
    sizes[cluster]++
    for (let i = 0; i < columns; i++) {
      sums[cluster * columns + i] += matrix.values[row * columns + i]
    }
  }
  const values = Float32Array.from(centres.values, (former, index) => {
    const size = sizes[Math.floor(index / columns)]
    return size === 0 ? former : sums[index] / size
  })
  return featureMatrix(values, centres.rows, columns)
}
