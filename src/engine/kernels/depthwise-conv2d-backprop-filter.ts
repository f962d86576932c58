import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { convolutionGeometry, forEachRun } from './convolution-geometry'

const bytes = Float32Array.BYTES_PER_ELEMENT

/**
 * Gradient of a depthwise convolution with respect to its filter: for each tap and channel the sum of the products of what
 * the outputs see and their errors.
 */
export const depthwiseConv2dBackpropFilter = composedKernel<
  Record<'x' | 'dy', tf.TensorInfo>,
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
>(tf.DepthwiseConv2dNativeBackpropFilter, (steps, { x, dy }, attrs) => {
  const { filterShape, dilations } = attrs
  const geometry = convolutionGeometry(x.shape, filterShape, attrs, dilations, true)
  const { columns, inChannels, outChannels } = geometry
  const multiplier = outChannels / inChannels
  const gradient = steps.allocate(filterShape)
  const [inputs, errors, sums] = [x, dy, gradient].map((tensor) => steps.view(tensor))
  const [inputAddress, errorAddress, sumAddress] = [x, dy, gradient].map((tensor) =>
    steps.address(tensor),
  )
  sums.fill(0)
  const { loops, blocks, covered } = steps.simd(multiplier === 1 ? inChannels : 0)
  const step = columns.stride * inChannels
  forEachRun(geometry, (tap, inputPosition, outputPosition, length) => {
    const firstInput = inputPosition * inChannels
    const firstError = outputPosition * outChannels
    const firstSum = tap * outChannels
    loops?.products(
      inputAddress + firstInput * bytes,
      step * bytes,
      errorAddress + firstError * bytes,
      outChannels * bytes,
      length,
      sumAddress + firstSum * bytes,
      blocks,
    )
    for (let channel = covered; channel < outChannels; channel++) {
      const input = firstInput + Math.floor(channel / multiplier)
      const error = firstError + channel
      let sum = 0
      for (let index = 0; index < length; index++)
        sum += inputs[input + index * step] * errors[error + index * outChannels]
      sums[firstSum + channel] += sum
    }
  })
  return gradient
})
