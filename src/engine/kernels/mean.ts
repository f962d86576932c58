import * as tf from '@tensorflow/tfjs-core'
import type { Composition } from './composition'
import { shortcut } from './shortcut'

const bytes = Float32Array.BYTES_PER_ELEMENT

/**
 * Means over the rows and columns of one map: the backend's own transposes all numbers first. Each channel is added up
 * from the first position to the last, as there, so that the bits are the same.
 */
export const mean = shortcut<Record<'x', tf.TensorInfo>, tf.MeanAttrs>(
  tf.Mean,
  ({ x }, { axis }) =>
    x.dtype === 'float32' &&
    x.shape.length === 4 &&
    x.shape[0] === 1 &&
    tf.util.sizeFromShape(x.shape) > 0 &&
    isRowsAndColumns(tf.util.parseAxisParam(axis, x.shape)),
  (steps, { x }, { keepDims }) => {
    const [, rows = 0, columns = 0, channels = 0] = x.shape
    const means = steps.allocate(keepDims ? [1, 1, 1, channels] : [1, channels])
    addPositions(steps, x, rows * columns, means)
    const to = steps.view(means)
    for (let channel = 0; channel < channels; channel++) to[channel] /= rows * columns
    return means
  },
)

/** In this order: that is the one in which they are added up. */
function isRowsAndColumns([first, second, ...others]: readonly number[]): boolean {
  return first === 1 && second === 2 && others.length === 0
}

/** Writes each channel's sum over all positions. */
function addPositions(
  steps: Composition,
  x: tf.TensorInfo,
  positions: number,
  sums: tf.TensorInfo,
): void {
  const values = steps.view(x)
  const to = steps.view(sums)
  to.fill(0)
  const { loops, blocks, covered } = steps.simd(to.length)
  loops?.columnSums(steps.address(x), to.length * bytes, positions, steps.address(sums), blocks)
  for (let channel = covered; channel < to.length; channel++) {
    let total = 0
    for (let at = channel; at < values.length; at += to.length)
      total = Math.fround(total + values[at])
    to[channel] = total
  }
}
