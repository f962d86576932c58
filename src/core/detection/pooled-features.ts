/** One vector for a whole image, or for a box, out of the features of its cells. */
import type { Box } from '../geometry/box'
import { toInputFrame, type Letterbox } from '../geometry/letterbox'
import { copyCell, type FeatureGrid } from './cell-features'
import type { CommitteeOutput } from './decode'
import { sigmoid } from '../numeric/sigmoid'

/**
 * The weighted mean of the features over the cells of a grid, level by level, [channels]. A cell of a coarse level weighs
 * as much as the cells of the grid that lie in it. Where no cell has any weight, all weigh the same.
 * @param weights at least 0, [rows * columns]
 */
export function pooledFeature(
  { rows, columns, channels: width, levels, scale }: FeatureGrid,
  codes: Int8Array,
  weights: ArrayLike<number>,
): Float32Array {
  const pooled = new Float32Array(width)
  const all = new Float64Array(rows * columns)
  let total = 0
  for (let cell = 0; cell < all.length; cell++) total += all[cell] = weights[cell] ?? 0
  if (!(total > 0)) total = all.fill(1).length

  let start = 0
  let first = 0
  for (const { coarseness, channels } of levels) {
    const ownColumns = columns / coarseness
    const own = new Float64Array((rows / coarseness) * ownColumns)
    for (let cell = 0; cell < all.length; cell++) {
      const row = Math.floor(cell / columns / coarseness)
      own[row * ownColumns + Math.floor((cell % columns) / coarseness)] += all[cell]
    }
    const sums = new Float64Array(channels)
    for (const [cell, weight] of own.entries()) {
      if (weight === 0) continue
      const from = start + cell * channels
      for (let channel = 0; channel < channels; channel++)
        sums[channel] += weight * (codes[from + channel] ?? 0)
    }
    for (let channel = 0; channel < channels; channel++)
      pooled[first + channel] = (sums[channel] * scale) / total
    start += own.length * channels
    first += channels
  }
  return pooled
}

/** The largest committee-mean probability of any class in each cell, [rows * columns]; 0 where `inside` is. */
export function objectness(
  { grid, members, values }: CommitteeOutput,
  classCount: number,
  inside: Uint8Array,
): Float32Array {
  const cellCount = grid.rows * grid.columns
  const width = classCount + 4
  const largest = new Float32Array(cellCount)
  for (let cell = 0; cell < cellCount; cell++) {
    if (inside[cell] === 0) continue
    for (let index = 0; index < classCount; index++) {
      let sum = 0
      for (let member = 0; member < members; member++)
        sum += sigmoid(values[(member * cellCount + cell) * width + index] ?? 0)
      largest[cell] = Math.max(largest[cell], sum / members)
    }
  }
  return largest
}

/** The features of the cell that holds the centre of a box, [channels]. */
export function boxFeature(
  grid: FeatureGrid,
  codes: Int8Array,
  letterbox: Letterbox,
  box: Box,
): Float32Array {
  const { rows, columns, stride, channels } = grid
  const { x, y, width, height } = toInputFrame(box, letterbox)
  const indexOf = (centre: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor(centre / stride)))
  const cell = indexOf(y + height / 2, rows) * columns + indexOf(x + width / 2, columns)
  const feature = new Float32Array(channels)
  copyCell(grid, codes, cell, feature, 0)
  return feature
}
