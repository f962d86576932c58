import fc from 'fast-check'
import { featureMatrix, type FeatureMatrix } from '../../src/core/numeric/matrix'

/** @param rows all of one length, at least one */
export function matrixOf(rows: readonly (readonly number[])[]): FeatureMatrix {
  return featureMatrix(Float32Array.from(rows.flat()), rows.length, rows[0].length)
}

/** Rows of small whole numbers: distances are exact, ties and equal rows are common. */
export function anyRows(
  size: { readonly min: number; readonly max: number },
  columns: number,
): fc.Arbitrary<number[][]> {
  return fc.array(
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns }),
    { minLength: size.min, maxLength: size.max },
  )
}

/** Straight from the definition. */
export function distanceOf(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, index) => value - b[index]))
}
