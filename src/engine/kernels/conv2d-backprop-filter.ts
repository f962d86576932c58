import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { checkChannelsLast, convolutionGeometry } from './convolution-geometry'
import { transposedPatches } from './patches'

/** Gradient of a convolution with respect to its filter: one product of the transposed patches and the errors. */
export const conv2dBackpropFilter = composedKernel<
  Record<'x' | 'dy', tf.TensorInfo>,
  tf.Conv2DBackpropFilterAttrs
>(tf.Conv2DBackpropFilter, (steps, { x, dy }, attrs) => {
  checkChannelsLast(tf.Conv2DBackpropFilter, attrs.dataFormat)
  const { filterShape } = attrs
  const geometry = convolutionGeometry(x.shape, filterShape, attrs, 1, false)
  const { batch, rows, columns, outChannels } = geometry
  const errors = steps.reshape(dy, [batch * rows.output * columns.output, outChannels])
  const gradient = steps.matMul(transposedPatches(steps, x, geometry), errors)
  return steps.reshape(gradient, filterShape)
})
