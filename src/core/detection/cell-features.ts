/** Features of an image's cells, each level kept at its own resolution. */
import { axisPoint } from './interpolation'

/** Some channels of a feature map, at one resolution. */
export interface FeatureLevel {
  /** How many cells of the grid lie along one side of one of its own. */
  readonly coarseness: number
  readonly channels: number
}

/** The cells that features are given on, and how the features are laid out. */
export interface FeatureGrid {
  readonly rows: number
  readonly columns: number
  /** Of all levels together. */
  readonly channels: number
  /** Input pixels a cell. */
  readonly stride: number
  /** Their maps lie one after the other, each row-major [rows / coarseness, columns / coarseness, channels]. */
  readonly levels: readonly FeatureLevel[]
  /** value = code * scale. */
  readonly scale: number
}

/** Where a level's map begins among the codes, and where it ends. */
export function levelRange(
  { rows, columns, levels }: Pick<FeatureGrid, 'rows' | 'columns' | 'levels'>,
  level: number,
): { readonly start: number; readonly end: number } {
  const sizeOf = ({ coarseness, channels }: FeatureLevel): number =>
    (rows / coarseness) * (columns / coarseness) * channels
  const start = levels.slice(0, level).reduce((sum, before) => sum + sizeOf(before), 0)
  const own = levels[level]
  return { start, end: start + (own === undefined ? 0 : sizeOf(own)) }
}

/**
 * Writes the features of one cell to `to`, from position `at` on: coarse levels are interpolated bilinearly, with the
 * centres of cells as in `resizeBilinear` with half-pixel centres.
 * @param cell row * columns + column
 */
export function copyCell(
  grid: Omit<FeatureGrid, 'stride'>,
  codes: Int8Array | Float32Array,
  cell: number,
  to: Float32Array,
  at: number,
): void {
  const { rows, columns, levels, scale } = grid
  const row = Math.floor(cell / columns)
  const column = cell % columns
  let start = 0
  let first = at
  for (const { coarseness, channels } of levels) {
    const ownColumns = columns / coarseness
    if (coarseness === 1) {
      const from = start + cell * channels
      for (let channel = 0; channel < channels; channel++)
        to[first + channel] = (codes[from + channel] ?? 0) * scale
    } else {
      const y = axisPoint(row, coarseness, rows / coarseness)
      const x = axisPoint(column, coarseness, ownColumns)
      const lower = start + y.lower * ownColumns * channels
      const upper = start + y.upper * ownColumns * channels
      const left = x.lower * channels
      const right = x.upper * channels
      const lowerLeft = scale * (1 - y.share) * (1 - x.share)
      const lowerRight = scale * (1 - y.share) * x.share
      const upperLeft = scale * y.share * (1 - x.share)
      const upperRight = scale * y.share * x.share
      for (let channel = 0; channel < channels; channel++) {
        to[first + channel] =
          (codes[lower + left + channel] ?? 0) * lowerLeft +
          (codes[lower + right + channel] ?? 0) * lowerRight +
          (codes[upper + left + channel] ?? 0) * upperLeft +
          (codes[upper + right + channel] ?? 0) * upperRight
      }
    }
    start += (rows / coarseness) * ownColumns * channels
    first += channels
  }
}
