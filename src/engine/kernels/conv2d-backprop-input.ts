import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { checkChannelsLast, convolutionGeometry } from './convolution-geometry'
import { foldPatches } from './patches'

/**
 * Gradient of a convolution with respect to its input: the errors' product with the filter is the errors of the patches,
 * which are then folded. Of the two ways to write the product the one that has to transpose fewer numbers.
 */
export const conv2dBackpropInput = composedKernel<
  Record<'dy' | 'filter', tf.TensorInfo>,
  tf.Conv2DBackpropInputAttrs
>(tf.Conv2DBackpropInput, (steps, { dy, filter }, attrs) => {
  checkChannelsLast(tf.Conv2DBackpropInput, attrs.dataFormat)
  const geometry = convolutionGeometry(attrs.inputShape, filter.shape, attrs, 1, false)
  const { batch, rows, columns, inChannels, outChannels } = geometry
  const outputs = batch * rows.output * columns.output
  const patchSize = rows.filter * columns.filter * inChannels
  const errors = steps.reshape(dy, [outputs, outChannels])
  const weights = steps.reshape(filter, [patchSize, outChannels])
  const patches =
    outputs * (outChannels + patchSize) < patchSize * outChannels
      ? steps.transpose(steps.matMul(weights, steps.transpose(errors, [1, 0])), [1, 0])
      : steps.matMul(errors, steps.transpose(weights, [1, 0]))
  return foldPatches(steps, patches, geometry)
})
