import * as tf from '@tensorflow/tfjs-core'
import { composedKernel, type Composition } from './composition'
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
  const turned = turnedFilter(steps, filter, outChannels)
  const spread = spreadErrors(steps, dy, geometry)
  const errors = steps.depthwiseConv2d(spread, turned, [rows.dilation, columns.dilation])
  const multiplier = outChannels / inChannels
  return multiplier === 1
    ? errors
    : steps.sum(steps.reshape(errors, [...inputShape, multiplier]), 4)
})

/** The taps in reverse order, for a multiplier of 1; the backend's own Reverse takes 100 ns a number. */
function turnedFilter(steps: Composition, filter: tf.TensorInfo, channels: number): tf.TensorInfo {
  const [height = 1, width = 1] = filter.shape
  const turned = steps.allocate([height, width, channels, 1])
  const from = steps.view(filter)
  const to = steps.view(turned)
  const taps = height * width
  for (let tap = 0; tap < taps; tap++) {
    const weights = from.subarray(tap * channels, (tap + 1) * channels)
    to.set(weights, (taps - 1 - tap) * channels)
  }
  return turned
}
