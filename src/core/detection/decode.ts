import type { CategoryId } from '../dataset/types'
import { toImageFrame, type Letterbox } from '../geometry/letterbox'
import { nonMaximumSuppression } from '../geometry/nms'
import { clipBox } from '../geometry/overlap'
import { sigmoid } from '../numeric/sigmoid'
import { decodeDistance } from './loss'
import { imageCells, type CellGrid } from './targets'
import type { Detection } from './types'

/** What a committee answers for one image. */
export interface CommitteeOutput {
  readonly grid: CellGrid
  readonly members: number
  /** Row-major [K, rows * columns, C + 4]: class logits, then logarithms of l, t, r, b in cells. */
  readonly values: Float32Array
}

export interface DecodeOptions {
  readonly categories: readonly CategoryId[]
  readonly imageWidth: number
  readonly imageHeight: number
  readonly letterbox: Letterbox
  readonly minScore: number
  /** Boxes of one class overlapping by more than this IoU are one object. */
  readonly maxIou: number
  readonly limit: number
}

/** Of logits, to be on the safe side where a mean is rounded. */
const rounding = 1e-3

/**
 * Detections of one image, score descending. A detection is a cell whose committee-mean class probability is at least
 * `minScore` and the largest of its 3 x 3 neighbourhood in that class (as in CenterNet); its box is the mean of the
 * members' boxes, clipped to the image. Class-wise NMS follows. Cells on the grey bars count for nothing.
 */
export function decodeDetections(output: CommitteeOutput, options: DecodeOptions): Detection[] {
  const { grid, members, values } = output
  const { categories, letterbox, imageWidth, imageHeight } = options
  const cellCount = grid.rows * grid.columns
  const classCount = categories.length
  const width = classCount + 4
  const inside = imageCells(letterbox, grid)
  const probabilities = meanProbabilities(output, classCount, inside, options.minScore)

  const detections: Detection[] = []
  for (let cell = 0; cell < cellCount; cell++) {
    if (inside[cell] === 0) continue
    for (let index = 0; index < classCount; index++) {
      const score = probabilities[cell * classCount + index] ?? 0
      if (!(score >= options.minScore)) continue
      if (!isPeak(probabilities, cell, index, classCount, grid)) continue
      const categoryId = categories[index]
      const box = clipBox(
        toImageFrame(meanBox(output, cell, classCount), letterbox),
        imageWidth,
        imageHeight,
      )
      if (categoryId === undefined || box === undefined) continue
      const memberScores = Array.from({ length: members }, (_, member) =>
        sigmoid(values[(member * cellCount + cell) * width + index] ?? 0),
      )
      const classProbabilities = categories.map((_, other) =>
        meanProbability(output, cell, other, classCount),
      )
      detections.push({ box, categoryId, score, classProbabilities, memberScores })
    }
  }
  const candidates = detections.map(({ box, score, categoryId }) => ({
    box,
    score,
    group: categoryId,
  }))
  return nonMaximumSuppression(candidates, options.maxIou, options.limit).flatMap(
    (index) => detections[index] ?? [],
  )
}

/** [cells, C]; 0 on the grey bars and where a probability is below `minScore` for certain. */
function meanProbabilities(
  output: CommitteeOutput,
  classCount: number,
  inside: Uint8Array,
  minScore: number,
): Float32Array {
  const { grid, members, values } = output
  const cellCount = grid.rows * grid.columns
  const width = classCount + 4
  const means = new Float32Array(cellCount * classCount)
  // No sigmoid exceeds its exponential: most cells are done with here, without computing any.
  const lowest = Math.log(minScore) - rounding
  for (let cell = 0; cell < cellCount; cell++) {
    if (inside[cell] === 0) continue
    for (let index = 0; index < classCount; index++) {
      let most = -Infinity
      for (let member = 0; member < members; member++)
        most = Math.max(most, values[(member * cellCount + cell) * width + index])
      if (most >= lowest)
        means[cell * classCount + index] = meanProbability(output, cell, index, classCount)
    }
  }
  return means
}

/** In single precision. */
function meanProbability(
  { grid, members, values }: CommitteeOutput,
  cell: number,
  classIndex: number,
  classCount: number,
): number {
  const cellCount = grid.rows * grid.columns
  let mean = 0
  for (let member = 0; member < members; member++) {
    const at = (member * cellCount + cell) * (classCount + 4) + classIndex
    mean = Math.fround(mean + sigmoid(values[at]) / members)
  }
  return mean
}

/** No neighbour of the class is larger; of equal neighbours the first in reading order is the peak. */
function isPeak(
  probabilities: Float32Array,
  cell: number,
  classIndex: number,
  classCount: number,
  { rows, columns }: CellGrid,
): boolean {
  const row = Math.floor(cell / columns)
  const column = cell % columns
  const value = probabilities[cell * classCount + classIndex] ?? 0
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const neighbour = y * columns + x
      const other = probabilities[neighbour * classCount + classIndex] ?? 0
      if (other > value || (other === value && neighbour < cell)) return false
    }
  }
  return true
}

/** The members' mean box of a cell, in input pixels. */
export function meanBox(
  { grid, members, values }: CommitteeOutput,
  cell: number,
  classCount: number,
) {
  const { rows, columns, stride } = grid
  const mean = [0, 0, 0, 0]
  for (let member = 0; member < members; member++) {
    const start = (member * rows * columns + cell) * (classCount + 4) + classCount
    for (let side = 0; side < 4; side++) {
      mean[side] =
        (mean[side] ?? 0) + (decodeDistance(values[start + side] ?? 0) * stride) / members
    }
  }
  const [left = 0, top = 0, right = 0, bottom = 0] = mean
  const x = ((cell % columns) + 0.5) * stride
  const y = (Math.floor(cell / columns) + 0.5) * stride
  return { x: x - left, y: y - top, width: left + right, height: top + bottom }
}
