import type { RandomSource } from '../random/types'

export interface PrincipalAxes {
  /** Largest eigenvalues, descending, length K. */
  readonly values: Float64Array
  /** Their unit eigenvectors, row-major [K, size]; the largest component of each is positive. */
  readonly vectors: Float64Array
}

/**
 * The `count` leading eigenpairs of a symmetric positive semi-definite matrix, by subspace iteration with a
 * Rayleigh-Ritz step (Saad 2011, chapter 5). Eigenvalues near the cut converge slowest; for a principal component
 * analysis, where directions beside the cut are interchangeable, a dozen iterations suffice.
 *
 * @param matrix row-major [size, size]
 */
export function principalAxes(
  matrix: Float64Array,
  size: number,
  count: number,
  iterations: number,
  random: RandomSource,
): PrincipalAxes {
  if (count < 1 || count > size) {
    throw new RangeError(
      `principalAxes: ${count} axes of a ${size} x ${size} matrix; ask for 1 to ${size}.`,
    )
  }
  // A few guard vectors speed up the convergence of the last axes wanted.
  const width = Math.min(size, count + 16)
  let basis: Float64Array = Float64Array.from({ length: width * size }, () => random.normal())
  orthonormalise(basis, width, size)
  for (let iteration = 0; iteration < iterations; iteration++) {
    basis = multiplyRows(basis, width, matrix, size)
    orthonormalise(basis, width, size)
  }
  const image = multiplyRows(basis, width, matrix, size)
  const small = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++)
      small[i * width + j] = dot(basis, i * size, image, j * size, size)
  }
  const ritz = jacobi(small, width)
  const order = [...ritz.values.keys()].sort(
    (a, b) => (ritz.values[b] ?? 0) - (ritz.values[a] ?? 0),
  )

  const values = new Float64Array(count)
  const vectors = new Float64Array(count * size)
  order.slice(0, count).forEach((column, row) => {
    values[row] = ritz.values[column] ?? 0
    const vector = vectors.subarray(row * size, (row + 1) * size)
    for (let i = 0; i < width; i++)
      addScaled(vector, 0, basis, i * size, ritz.vectors[i * width + column] ?? 0, size)
    fixSign(vector)
  })
  return { values, vectors }
}

/** rows [count, size] x matrix [size, size] */
function multiplyRows(
  rows: Float64Array,
  count: number,
  matrix: Float64Array,
  size: number,
): Float64Array {
  const product = new Float64Array(count * size)
  // Blocks of the matrix stay in the processor's cache for all rows.
  const block = 32
  for (let first = 0; first < size; first += block) {
    const last = Math.min(size, first + block)
    for (let row = 0; row < count; row++) {
      for (let k = first; k < last; k++) {
        addScaled(product, row * size, matrix, k * size, rows[row * size + k] ?? 0, size)
      }
    }
  }
  return product
}

/** Modified Gram-Schmidt on the rows, in place. */
function orthonormalise(rows: Float64Array, count: number, size: number): void {
  for (let row = 0; row < count; row++) {
    const at = row * size
    const before = Math.sqrt(dot(rows, at, rows, at, size))
    let norm = before
    // A row that loses most of its length is left with rounding errors along the others: once more removes them.
    for (let pass = 0; pass === 0 || (pass === 1 && norm < 0.1 * before); pass++) {
      for (let previous = 0; previous < row; previous++) {
        const shared = dot(rows, at, rows, previous * size, size)
        addScaled(rows, at, rows, previous * size, -shared, size)
      }
      norm = Math.sqrt(dot(rows, at, rows, at, size))
    }
    // What is left of a direction lost to rank deficiency is noise; as zero it has eigenvalue zero.
    const factor = norm > 1e-10 * before ? 1 / norm : 0
    for (let k = 0; k < size; k++) rows[at + k] = (rows[at + k] ?? 0) * factor
  }
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, size: number): number {
  let sum = 0
  for (let k = 0; k < size; k++) sum += (a[aAt + k] ?? 0) * (b[bAt + k] ?? 0)
  return sum
}

function addScaled(
  to: Float64Array,
  toAt: number,
  from: Float64Array,
  fromAt: number,
  factor: number,
  size: number,
): void {
  for (let k = 0; k < size; k++)
    to[toAt + k] = (to[toAt + k] ?? 0) + factor * (from[fromAt + k] ?? 0)
}

function fixSign(vector: Float64Array): void {
  let largest = 0
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value
  if (largest < 0) for (let k = 0; k < vector.length; k++) vector[k] = -(vector[k] ?? 0)
}

/** All eigenpairs of a small symmetric matrix by cyclic Jacobi rotations; eigenvectors are columns. Overwrites the matrix. */
function jacobi(a: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1
  const at = (row: number, column: number): number => a[row * size + column] ?? 0
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0
    let scale = 0
    for (let p = 0; p < size; p++) {
      scale += at(p, p) ** 2
      for (let q = p + 1; q < size; q++) off += at(p, q) ** 2
    }
    if (off <= 1e-22 * scale) break
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (Math.abs(at(p, q)) <= 1e-300) continue
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q))
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        rotate(a, p * size, q * size, 1, size, c, t * c)
        rotate(a, p, q, size, size, c, t * c)
        rotate(vectors, p, q, size, size, c, t * c)
      }
    }
  }
  return { values: Float64Array.from({ length: size }, (_, i) => at(i, i)), vectors }
}

/** Rotates two rows (step 1) or columns (step = size) that start at `p` and `q`. */
function rotate(
  a: Float64Array,
  p: number,
  q: number,
  step: number,
  size: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < size; k++) {
    const x = a[p + k * step] ?? 0
    const y = a[q + k * step] ?? 0
    a[p + k * step] = c * x - s * y
    a[q + k * step] = s * x + c * y
  }
}
