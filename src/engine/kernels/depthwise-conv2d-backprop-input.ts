import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { convolutionGeometry, forEachRun } from './convolution-geometry'

const bytes = Float32Array.BYTES_PER_ELEMENT

/**
 * Gradient of a depthwise convolution with respect to its input: each output's error, times the tap's weight, is added to
 * the input that the output sees through the tap.
 */
export const depthwiseConv2dBackpropInput = composedKernel<
  Record<'dy' | 'filter', tf.TensorInfo>,
  tf.DepthwiseConv2dNativeBackpropInputAttrs
>(tf.DepthwiseConv2dNativeBackpropInput, (steps, { dy, filter }, attrs) => {
  const { inputShape, dilations } = attrs
  const geometry = convolutionGeometry(inputShape, filter.shape, attrs, dilations, true)
  const { columns, inChannels, outChannels } = geometry
  const multiplier = outChannels / inChannels
  const gradient = steps.allocate(inputShape)
  const [errors, weights, sums] = [dy, filter, gradient].map((tensor) => steps.view(tensor))
  const [errorAddress, weightAddress, sumAddress] = [dy, filter, gradient].map((tensor) =>
    steps.address(tensor),
  )
  sums.fill(0)
  const { loops, blocks, covered } = steps.simd(multiplier === 1 ? inChannels : 0)
  const step = columns.stride * inChannels
  forEachRun(geometry, (tap, inputPosition, outputPosition, length) => {
    const firstSum = inputPosition * inChannels
    const firstError = outputPosition * outChannels
    const firstWeight = tap * outChannels
    loops?.addScaled(
      errorAddress + firstError * bytes,
      outChannels * bytes,
      weightAddress + firstWeight * bytes,
      sumAddress + firstSum * bytes,
      step * bytes,
      length,
      blocks,
    )
    for (let channel = covered; channel < outChannels; channel++) {
      const weight = weights[firstWeight + channel]
      const sum = firstSum + Math.floor(channel / multiplier)
      const error = firstError + channel
      for (let index = 0; index < length; index++)
        sums[sum + index * step] += weight * errors[error + index * outChannels]
    }
  })
  return gradient
})
