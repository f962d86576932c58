import type { Letterbox } from '../geometry/letterbox'
import type { CellGrid } from './targets'

/** A rectangle of cells of a grid. */
export interface CellRegion {
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
}

/**
 * The smallest region with every cell whose centre lies on the image, not on the grey bars; its sides lie at multiples of
 * `alignment`, which has to divide the grid's own.
 */
export function imageRegion(
  { offsetX, offsetY, width, height }: Letterbox,
  { rows, columns, stride }: CellGrid,
  alignment: number,
): CellRegion {
  const span = (offset: number, length: number, count: number) => {
    const first = Math.ceil(offset / stride - 0.5)
    const end = Math.floor((offset + length) / stride - 0.5) + 1
    const from = Math.max(0, Math.floor(first / alignment) * alignment)
    return { from, count: Math.min(count, Math.ceil(end / alignment) * alignment) - from }
  }
  const vertical = span(offsetY, height, rows)
  const horizontal = span(offsetX, width, columns)
  return {
    row: vertical.from,
    column: horizontal.from,
    rows: vertical.count,
    columns: horizontal.count,
  }
}

/**
 * Brings rows of numbers of a region's cells to where the cells lie in the grid; the other cells get `outside`.
 * @param values row-major [planes, region rows * region columns, width]
 * @returns row-major [planes, rows * columns, width]
 */
export function spreadRegion(
  values: Float32Array,
  region: CellRegion,
  { rows, columns }: CellGrid,
  planes: number,
  outside: number,
): Float32Array {
  const width = values.length / (planes * region.rows * region.columns)
  const spread = new Float32Array(planes * rows * columns * width).fill(outside)
  const length = region.columns * width
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < region.rows; row++) {
      const from = (plane * region.rows + row) * length
      const cell = (region.row + row) * columns + region.column
      spread.set(values.subarray(from, from + length), (plane * rows * columns + cell) * width)
    }
  }
  return spread
}
