/** A deviation below this share of a column's mean is rounding: the numbers carry seven digits. */
const roundingShare = 1e-6

/** Feature vectors as the rows of one array; their norms are kept, as every distance needs them. */
export interface FeatureMatrix {
  readonly rows: number
  readonly columns: number
  /** Row-major [rows, columns]. */
  readonly values: Float32Array
  /** Squared length of each row. */
  readonly squaredNorms: Float64Array
}

/**
 * @param values row-major [rows, columns]
 * @throws RangeError when there are not rows x columns of them
 */
export function featureMatrix(values: Float32Array, rows: number, columns: number): FeatureMatrix {
  if (values.length !== rows * columns) {
    throw new RangeError(
      `featureMatrix: ${values.length} numbers are not ${rows} rows of ${columns}.`,
    )
  }
  const squaredNorms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    squaredNorms[row] = dot(values, row * columns, values, row * columns, columns)
  }
  return { rows, columns, values, squaredNorms }
}

/**
 * The vectors as rows, every column brought to mean 0 and deviation 1 over all of them, as `groups` were given; a column
 * that is the same everywhere, but for rounding, becomes 0.
 * @throws RangeError when the vectors are not all of one length
 */
export function standardisedMatrices(
  groups: readonly (readonly Float32Array[])[],
): FeatureMatrix[] {
  const all = groups.flat()
  const columns = all[0]?.length ?? 0
  const mean = new Float64Array(columns)
  const square = new Float64Array(columns)
  for (const vector of all) {
    if (vector.length !== columns) {
      throw new RangeError(
        `The features of one image have length ${vector.length}, of another ${columns}; embed all images anew.`,
      )
    }
    for (let i = 0; i < columns; i++) mean[i] += vector[i] / all.length
  }
  for (const vector of all) {
    for (let i = 0; i < columns; i++) square[i] += (vector[i] - mean[i]) ** 2 / all.length
  }
  const scale = square.map((variance, i) => {
    const deviation = Math.sqrt(variance)
    return deviation > roundingShare * Math.abs(mean[i]) ? 1 / deviation : 0
  })
  return groups.map((vectors) => {
    const values = new Float32Array(vectors.length * columns)
    vectors.forEach((vector, row) => {
      for (let i = 0; i < columns; i++) {
        values[row * columns + i] = (vector[i] - mean[i]) * scale[i]
      }
    })
    return featureMatrix(values, vectors.length, columns)
  })
}

/** The first `count` rows, sharing the memory. */
export function firstRows(matrix: FeatureMatrix, count: number): FeatureMatrix {
  const rows = Math.min(count, matrix.rows)
  return {
    rows,
    columns: matrix.columns,
    values: matrix.values.subarray(0, rows * matrix.columns),
    squaredNorms: matrix.squaredNorms.subarray(0, rows),
  }
}

/** The rows with these numbers, copied. */
export function selectRows(matrix: FeatureMatrix, rows: readonly number[]): FeatureMatrix {
  const { columns } = matrix
  const values = new Float32Array(rows.length * columns)
  rows.forEach((row, index) => {
    values.set(matrix.values.subarray(row * columns, (row + 1) * columns), index * columns)
  })
  return featureMatrix(values, rows.length, columns)
}

/** The rows of one matrix after those of another with as many columns. */
export function stackRows(first: FeatureMatrix, second: FeatureMatrix): FeatureMatrix {
  const values = new Float32Array(first.values.length + second.values.length)
  values.set(first.values)
  values.set(second.values, first.values.length)
  return featureMatrix(values, first.rows + second.rows, first.columns)
}

/** Squared Euclidean distance of a row of `a` and one of `b`; exactly 0 for equal rows. */
export function squaredDistance(
  a: FeatureMatrix,
  rowA: number,
  b: FeatureMatrix,
  rowB: number,
): number {
  const { columns } = a
  const product = dot(a.values, rowA * columns, b.values, rowB * columns, columns)
  return Math.max(0, a.squaredNorms[rowA] + b.squaredNorms[rowB] - 2 * product)
}

/**
 * Squared Euclidean distance of every row of `matrix` to one row of `other`, written to `distances`; exactly 0 for equal
 * rows. Four rows at a time: their sums need not wait for each other, and what they have in common is read once. Each sum
 * has the same order as that of `dot`, so the digits do too.
 */
export function squaredDistancesTo(
  matrix: FeatureMatrix,
  other: FeatureMatrix,
  row: number,
  distances: Float64Array,
): void {
  const { rows, columns, values, squaredNorms } = matrix
  const target = other.values.subarray(row * columns, (row + 1) * columns)
  const targetNorm = other.squaredNorms[row]
  const whole = rows - (rows % 4)
  for (let first = 0; first < whole; first += 4) {
    const start0 = first * columns
    const start1 = start0 + columns
    const start2 = start1 + columns
    const start3 = start2 + columns
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    for (let i = 0; i < columns; i++) {
      const value = target[i]
      sum0 += values[start0 + i] * value
      sum1 += values[start1 + i] * value
      sum2 += values[start2 + i] * value
      sum3 += values[start3 + i] * value
    }
    distances[first] = Math.max(0, squaredNorms[first] + targetNorm - 2 * sum0)
    distances[first + 1] = Math.max(0, squaredNorms[first + 1] + targetNorm - 2 * sum1)
    distances[first + 2] = Math.max(0, squaredNorms[first + 2] + targetNorm - 2 * sum2)
    distances[first + 3] = Math.max(0, squaredNorms[first + 3] + targetNorm - 2 * sum3)
  }
  for (let i = whole; i < rows; i++) distances[i] = squaredDistance(matrix, i, other, row)
}

/** Cosine of the angle between two rows, -1..1; 0 when one of them is 0. */
export function cosineOfRows(matrix: FeatureMatrix, rowA: number, rowB: number): number {
  const { columns, values, squaredNorms } = matrix
  const length = Math.sqrt(squaredNorms[rowA] * squaredNorms[rowB])
  if (length === 0) return 0
  return dot(values, rowA * columns, values, rowB * columns, columns) / length
}

/** Lowers `nearest`, squared distances of the rows of `matrix`, to those to a centre where they are smaller. */
export function lowerToNearest(
  nearest: Float64Array,
  matrix: FeatureMatrix,
  centres: FeatureMatrix,
  centre: number,
): void {
  const distances = new Float64Array(matrix.rows)
  squaredDistancesTo(matrix, centres, centre, distances)
  for (let row = 0; row < matrix.rows; row++) {
    if (distances[row] < nearest[row]) nearest[row] = distances[row]
  }
}

/** Squared distance of every row to the nearest of `centres`; Infinity without any. */
export function nearestSquaredDistances(
  matrix: FeatureMatrix,
  centres: FeatureMatrix,
): Float64Array {
  const nearest = new Float64Array(matrix.rows).fill(Infinity)
  for (let centre = 0; centre < centres.rows; centre++) {
    lowerToNearest(nearest, matrix, centres, centre)
  }
  return nearest
}

/** The squared distances of all pairs of rows, ascending. */
export function pairwiseSquaredDistances(matrix: FeatureMatrix): Float64Array {
  const distances = new Float64Array((matrix.rows * (matrix.rows - 1)) / 2)
  let index = 0
  for (let a = 0; a < matrix.rows; a++) {
    for (let b = a + 1; b < matrix.rows; b++) {
      distances[index++] = squaredDistance(matrix, a, matrix, b)
    }
  }
  return distances.sort()
}

/** The smallest squared distance of two rows that differ; undefined where no two do. */
export function smallestSquaredDistance(matrix: FeatureMatrix): number | undefined {
  let smallest = Infinity
  for (let a = 0; a < matrix.rows; a++) {
    for (let b = a + 1; b < matrix.rows; b++) {
      const distance = squaredDistance(matrix, a, matrix, b)
      if (distance > 0 && distance < smallest) smallest = distance
    }
  }
  return smallest < Infinity ? smallest : undefined
}

/** Inner product of `size` numbers. */
function dot(
  a: Float32Array,
  startA: number,
  b: Float32Array,
  startB: number,
  size: number,
): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += a[startA + i] * b[startB + i]
  return sum
}
