import * as tf from '@tensorflow/tfjs-core'
import type { Composition } from './composition'
import { shortcut } from './shortcut'

/** Rows that are added up before the sums of the next block are begun: they stay in the processor's cache. */
const rowsAtOnce = 64

const bytes = Float32Array.BYTES_PER_ELEMENT

/** Sums over leading axes, as a bias's gradient is: the backend's own transposes all numbers first. */
export const sum = shortcut<Record<'x', tf.TensorInfo>, tf.SumAttrs>(
  tf.Sum,
  ({ x }, { axis }) => x.dtype === 'float32' && sumsLeadingAxes(x.shape, axis),
  (steps, { x }, { axis, keepDims }) => {
    const count = tf.util.parseAxisParam(axis, x.shape).length
    const kept = x.shape.slice(count)
    const ones = keepDims ? x.shape.slice(0, count).map(() => 1) : []
    const sums = steps.allocate([...ones, ...kept])
    addRows(steps, x, sums)
    return sums
  },
)

function sumsLeadingAxes(shape: number[], axis: tf.SumAttrs['axis']): boolean {
  const axes = tf.util.parseAxisParam(axis, shape).toSorted((a, b) => a - b)
  return (
    axes.length > 0 && axes.length < shape.length && axes.every((each, index) => each === index)
  )
}

/** Writes the sums of the columns of x, of which each row has as many numbers as `sums`. */
function addRows(steps: Composition, x: tf.TensorInfo, sums: tf.TensorInfo): void {
  const values = steps.view(x)
  const to = steps.view(sums)
  to.fill(0)
  const width = to.length
  const rows = values.length / width
  const { loops, blocks, covered } = steps.simd(width)
  for (let begin = 0; begin < rows; begin += rowsAtOnce) {
    const end = Math.min(rows, begin + rowsAtOnce)
    loops?.columnSums(
      steps.address(x) + begin * width * bytes,
      width * bytes,
      end - begin,
      steps.address(sums),
      blocks,
    )
    for (let column = covered; column < width; column++) {
      let total = 0
      for (let row = begin; row < end; row++) total += values[row * width + column]
      to[column] += total
    }
  }
}
