import type * as tf from '@tensorflow/tfjs-core'
import { axisPoint } from '../../core/detection/interpolation'
import { composedKernel } from './composition'

/** A kernel of our own: tfjs takes three passes over the fine map, and one more to cut a region out. */
export const rectifiedSumName = 'RectifiedSum'

/** Where the fine map lies on the coarse one. */
export type RectifiedSumAttrs = {
  /** How many fine cells lie along one side of a coarse one. */
  readonly coarseness: number
  /** Row and column at which the fine map begins in the coarse one brought to its resolution. */
  readonly begin: readonly [number, number]
}

const bytes = Float32Array.BYTES_PER_ELEMENT
/** Of a column in the table: where the two coarse cells it lies between begin, in bytes, and the share of the second. */
const columnNumbers = 3

/**
 * max(0, fine + coarse), [rows, columns, channels], the coarse map interpolated as by `ResizeBilinear` with half-pixel
 * centres. Equal bit by bit to the separate kernels of WASM where the coarseness is a power of two.
 */
export const rectifiedSum = composedKernel<
  Record<'fine' | 'coarse', tf.TensorInfo>,
  RectifiedSumAttrs
>(rectifiedSumName, (steps, { fine, coarse }, { coarseness, begin: [firstRow, firstColumn] }) => {
  const [rows = 0, columns = 0, channels = 0] = fine.shape
  const [coarseRows = 0, coarseColumns = 0] = coarse.shape
  const across = Array.from({ length: columns }, (_, column) =>
    axisPoint(firstColumn + column, coarseness, coarseColumns),
  )
  const down = Array.from({ length: rows }, (_, row) =>
    axisPoint(firstRow + row, coarseness, coarseRows),
  )
  const columnTable = new Float32Array(columns * columnNumbers)
  const offsets = new Int32Array(columnTable.buffer)
  across.forEach(({ lower, upper, share }, column) => {
    const at = column * columnNumbers
    offsets.set([lower * channels * bytes, upper * channels * bytes], at)
    columnTable[at + 2] = share
  })
  const columnsAt = steps.upload(columnTable, [columnTable.length], 'float32')
  const rowShares = steps.upload(
    Float32Array.from(down, ({ share }) => share),
    [rows],
    'float32',
  )
  const result = steps.allocate(fine.shape)

  const { loops, blocks, covered } = steps.simd(channels)
  const [fineValues, coarseValues, to] = [fine, coarse, result].map((tensor) => steps.view(tensor))
  const rest = channels - covered
  down.forEach(({ lower, upper, share }, row) => {
    const first = row * columns * channels
    const [lowerRow, upperRow] = [lower, upper].map((own) => own * coarseColumns * channels)
    loops?.rectifiedSums(
      steps.address(coarse) + lowerRow * bytes,
      steps.address(coarse) + upperRow * bytes,
      steps.address(rowShares) + row * bytes,
      steps.address(columnsAt),
      steps.address(fine) + first * bytes,
      steps.address(result) + first * bytes,
      columns,
      blocks,
      rest * bytes,
    )
    if (rest === 0) return
    across.forEach((point, column) => {
      const [left, right] = [point.lower * channels, point.upper * channels]
      for (let channel = covered; channel < channels; channel++) {
        const at = first + column * channels + channel
        const value = between(
          between(
            coarseValues[lowerRow + left + channel],
            coarseValues[lowerRow + right + channel],
            point.share,
          ),
          between(
            coarseValues[upperRow + left + channel],
            coarseValues[upperRow + right + channel],
            point.share,
          ),
          share,
        )
        to[at] = Math.max(0, Math.fround(fineValues[at] + value))
      }
    })
  })
  return result
})

/** In single precision, as the SIMD loop does it. */
function between(lower: number, upper: number, share: number): number {
  return Math.fround(lower + Math.fround(Math.fround(upper - lower) * share))
}
