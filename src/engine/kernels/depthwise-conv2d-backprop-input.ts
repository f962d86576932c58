import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { convolutionGeometry } from './convolution-geometry'
import { spreadErrors } from './spread-errors'

/**
 * Gradient of a depthwise convolution with respect to its input: each output channel's spread errors convolved with its
 * own turned filter, then summed over the outputs of each input channel.
 */
export const depthwiseConv2dBackpropInput = composedKernel<
  Record<'dy' | 'filter', tf.TensorInfo>,
  tf.DepthwiseConv2dNativeBackpropInputAttrs
>(tf.DepthwiseConv2dNativeBackpropInput, (steps, { dy, filter }, attrs) => {
  const { inputShape, dilations } = attrs
  const geometry = convolutionGeometry(inputShape, filter.shape, attrs, dilations, true)
  const { rows, columns, inChannels, outChannels } = geometry
  const turned = steps.reshape(steps.reverse(filter, [0, 1]), [
    rows.filter,
    columns.filter,
    outChannels,
    1,
  ])
  const spread = spreadErrors(steps, dy, geometry)
  const errors = steps.depthwiseConv2d(spread, turned, [rows.dilation, columns.dilation])
  const multiplier = outChannels / inChannels
  return multiplier === 1
    ? errors
    : steps.sum(steps.reshape(errors, [...inputShape, multiplier]), 4)
})
