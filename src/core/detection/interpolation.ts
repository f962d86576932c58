/** Bilinear interpolation of a coarse map, as `resizeBilinear` with half-pixel centres does it, and its adjoint. */

/** A point of a coarse axis: between two of its cells, or on one. */
export interface AxisPoint {
  readonly lower: number
  readonly upper: number
  /** Share of the upper cell. */
  readonly share: number
}

/** Where the centre of a fine cell lies on an axis of `count` cells that are `coarseness` times as long. */
export function axisPoint(fine: number, coarseness: number, count: number): AxisPoint {
  const position = (fine + 0.5) / coarseness - 0.5
  const lower = Math.min(count - 1, Math.max(0, Math.floor(position)))
  const upper = Math.min(count - 1, Math.max(0, Math.floor(position) + 1))
  return { lower, upper, share: position - Math.floor(position) }
}

/** A map whose cells are `coarseness` times as long as those of the grid it is interpolated on. */
export interface CoarseMap {
  readonly rows: number
  readonly columns: number
  readonly channels: number
  readonly coarseness: number
}

/**
 * Gradient at a coarse map of what was computed from some cells of its interpolation.
 * @param cells of the fine grid, row * fine columns + column
 * @param gradient at these cells, row-major [cells, stride]
 * @param first column of `gradient` at which the map's channels begin
 * @returns row-major [rows, columns, channels]
 */
export function gradientAtCoarseMap(
  { rows, columns, channels, coarseness }: CoarseMap,
  cells: Int32Array,
  gradient: Float32Array,
  stride: number,
  first: number,
): Float32Array {
  const result = new Float32Array(rows * columns * channels)
  const fineColumns = columns * coarseness
  cells.forEach((cell, index) => {
    const y = axisPoint(Math.floor(cell / fineColumns), coarseness, rows)
    const x = axisPoint(cell % fineColumns, coarseness, columns)
    const from = index * stride + first
    const add = (row: number, column: number, weight: number): void => {
      if (weight === 0) return
      const to = (row * columns + column) * channels
      for (let channel = 0; channel < channels; channel++) {
        result[to + channel] =
          (result[to + channel] ?? 0) + weight * (gradient[from + channel] ?? 0)
      }
    }
    add(y.lower, x.lower, (1 - y.share) * (1 - x.share))
    add(y.lower, x.upper, (1 - y.share) * x.share)
    add(y.upper, x.lower, y.share * (1 - x.share))
    add(y.upper, x.upper, y.share * x.share)
  })
  return result
}
