import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { checkChannelsLast, convolutionGeometry, seenInput, tapRange } from './convolution-geometry'

/**
 * Gradient of a convolution with respect to its filter: for each tap one product, of the input positions that this tap
 * sees ([inChannels, outputs]) and the errors ([outputs, outChannels]).
 */
export const conv2dBackpropFilter = composedKernel<
  Record<'x' | 'dy', tf.TensorInfo>,
  tf.Conv2DBackpropFilterAttrs
>(tf.Conv2DBackpropFilter, (steps, { x, dy }, attrs) => {
  checkChannelsLast(tf.Conv2DBackpropFilter, attrs.dataFormat)
  const { filterShape } = attrs
  const geometry = convolutionGeometry(x.shape, filterShape, attrs, 1, false)
  const { batch, rows, columns, inChannels, outChannels } = geometry
  const outputs = batch * rows.output * columns.output
  const seen = steps.window(x, [seenInput(1, rows), seenInput(2, columns)])
  // Transposed once for all taps.
  const channelsFirst = steps.transpose(seen, [3, 0, 1, 2])
  const errors = steps.reshape(dy, [outputs, outChannels])
  const gradients: tf.TensorInfo[] = []
  for (let row = 0; row < rows.filter; row++) {
    for (let column = 0; column < columns.filter; column++) {
      const gradient = steps.part((inner) => {
        const ranges = [tapRange(2, rows, row), tapRange(3, columns, column)]
        const tap = inner.stridedSlice(channelsFirst, ranges)
        return inner.matMul(inner.reshape(tap, [inChannels, outputs]), errors)
      })
      gradients.push(gradient)
    }
  }
  return steps.reshape(steps.concat(gradients, 0), filterShape)
})
