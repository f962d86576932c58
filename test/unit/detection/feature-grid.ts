import type { FeatureGrid } from '../../../src/core/detection/cell-features'

/** 2 x 4 cells: one channel at the grid's own resolution, two at half of it. */
export const grid: FeatureGrid = {
  rows: 2,
  columns: 4,
  channels: 3,
  stride: 8,
  levels: [
    { coarseness: 1, channels: 1 },
    { coarseness: 2, channels: 2 },
  ],
  scale: 0.5,
}

/** Fine cells 0..7; coarse cells (40, 0) and (80, 8). */
export const codes = Int8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 40, 0, 80, 8)
