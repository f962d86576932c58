import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { checkChannelsLast, convolutionGeometry, forEachRun } from './convolution-geometry'

const bytes = Float32Array.BYTES_PER_ELEMENT

/**
 * Gradient of a convolution with respect to its filter: for each tap the sum, over the outputs, of the outer products of
 * the channels that they see and their errors.
 */
export const conv2dBackpropFilter = composedKernel<
  Record<'x' | 'dy', tf.TensorInfo>,
  tf.Conv2DBackpropFilterAttrs
>(tf.Conv2DBackpropFilter, (steps, { x, dy }, attrs) => {
  checkChannelsLast(tf.Conv2DBackpropFilter, attrs.dataFormat)
  const geometry = convolutionGeometry(x.shape, attrs.filterShape, attrs, 1, false)
  const { columns, inChannels, outChannels } = geometry
  const gradient = steps.allocate(attrs.filterShape)
  const [inputs, errors, sums] = [x, dy, gradient].map((tensor) => steps.view(tensor))
  const [inputAddress, errorAddress, sumAddress] = [x, dy, gradient].map((tensor) =>
    steps.address(tensor),
  )
  sums.fill(0)
  const { loops, blocks, covered } = steps.simd(outChannels)
  const step = columns.stride * inChannels
  forEachRun(geometry, (tap, inputPosition, outputPosition, length) => {
    const firstError = outputPosition * outChannels
    for (let channel = 0; channel < inChannels && loops !== undefined;) {
      const isWhole = channel + 4 <= inChannels
      const multiply = isWhole ? loops.outerProducts4 : loops.outerProducts1
      multiply(
        inputAddress + (inputPosition * inChannels + channel) * bytes,
        step * bytes,
        errorAddress + firstError * bytes,
        outChannels * bytes,
        length,
        sumAddress + (tap * inChannels + channel) * outChannels * bytes,
        outChannels * bytes,
        blocks,
      )
      channel += isWhole ? 4 : 1
    }
    for (let channel = 0; channel < inChannels && covered < outChannels; channel++) {
      const input = inputPosition * inChannels + channel
      const firstSum = (tap * inChannels + channel) * outChannels
      for (let output = covered; output < outChannels; output++) {
        const error = firstError + output
        let sum = 0
        for (let index = 0; index < length; index++)
          sum += inputs[input + index * step] * errors[error + index * outChannels]
        sums[firstSum + output] += sum
      }
    }
  })
  return gradient
})
