import type * as tf from '@tensorflow/tfjs-core'
import type { Composition } from './composition'
import { type ConvolutionGeometry, influencedOutput } from './convolution-geometry'

/**
 * A convolution's output errors, laid out so that a convolution of stride 1 without padding by the turned filter
 * gives the input's errors: `stride - 1` zeros behind each output, then padded or cropped.
 * @param dy [batch, output rows, output columns, outChannels]
 */
export function spreadErrors(
  steps: Composition,
  dy: tf.TensorInfo,
  { batch, rows, columns, outChannels }: ConvolutionGeometry,
): tf.TensorInfo {
  const width = columns.stride * outChannels
  const columnsSpread = steps.window(
    steps.reshape(dy, [batch * rows.output * columns.output, outChannels]),
    [{ axis: 1, before: 0, length: width }],
  )
  const rowWidth = columns.output * width
  const rowsSpread = steps.window(steps.reshape(columnsSpread, [batch * rows.output, rowWidth]), [
    { axis: 1, before: 0, length: rows.stride * rowWidth },
  ])
  const spread = steps.reshape(rowsSpread, [
    batch,
    rows.output * rows.stride,
    columns.output * columns.stride,
    outChannels,
  ])
  return steps.window(spread, [influencedOutput(1, rows), influencedOutput(2, columns)])
}
