import * as tf from '@tensorflow/tfjs-core'
import { shortcut } from './shortcut'

/** Rows that are added up before the sums of the next channels are begun: they stay in the processor's cache. */
const rowsAtOnce = 64

/**
 * Sums over leading axes, as a bias's gradient is: the backend's own transposes all numbers first. In double precision.
 */
export const sum = shortcut<Record<'x', tf.TensorInfo>, tf.SumAttrs>(
  tf.Sum,
  ({ x }, { axis }) => x.dtype === 'float32' && sumsLeadingAxes(x.shape, axis),
  (steps, { x }, { axis, keepDims }) => {
    const count = tf.util.parseAxisParam(axis, x.shape).length
    const kept = x.shape.slice(count)
    const width = tf.util.sizeFromShape(kept)
    const sums = columnSums(steps.view(x), width)
    const ones = keepDims ? x.shape.slice(0, count).map(() => 1) : []
    return steps.upload(sums, [...ones, ...kept], 'float32')
  },
)

function sumsLeadingAxes(shape: number[], axis: tf.SumAttrs['axis']): boolean {
  const axes = tf.util.parseAxisParam(axis, shape).toSorted((a, b) => a - b)
  return (
    axes.length > 0 && axes.length < shape.length && axes.every((each, index) => each === index)
  )
}

function columnSums(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width)
  const rows = values.length / width
  for (let begin = 0; begin < rows; begin += rowsAtOnce) {
    const end = Math.min(rows, begin + rowsAtOnce) * width
    let column = 0
    // Four columns whose sums stay in registers.
    for (; column + 3 < width; column += 4) {
      let [first, second, third, fourth] = [0, 0, 0, 0]
      for (let at = begin * width + column; at < end; at += width) {
        first += values[at]
        second += values[at + 1]
        third += values[at + 2]
        fourth += values[at + 3]
      }
      sums[column] += first
      sums[column + 1] += second
      sums[column + 2] += third
      sums[column + 3] += fourth
    }
    for (; column < width; column++) {
      for (let at = begin * width + column; at < end; at += width) sums[column] += values[at]
    }
  }
  return Float32Array.from(sums)
}
