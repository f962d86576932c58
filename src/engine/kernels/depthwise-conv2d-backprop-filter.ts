import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { convolutionGeometry, forEachRun } from './convolution-geometry'

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
  const { rows, columns, inChannels, outChannels } = geometry
  const inputs = steps.view(x)
  const errors = steps.view(dy)
  // Sums of many thousand terms: kept in double precision until the end.
  const gradient = new Float64Array(rows.filter * columns.filter * outChannels)
  const add = inChannels === outChannels ? addProducts : addMultipliedProducts
  forEachRun(geometry, (tap, inputPosition, outputPosition, length) => {
    add(
      { values: inputs, first: inputPosition * inChannels, step: columns.stride * inChannels },
      { values: errors, first: outputPosition * outChannels, step: outChannels },
      length,
      gradient.subarray(tap * outChannels, (tap + 1) * outChannels),
      outChannels / inChannels,
    )
  })
  return steps.upload(Float32Array.from(gradient), filterShape, 'float32')
})

/** Positions of a map `step` numbers apart. */
interface Positions {
  readonly values: Float32Array
  readonly first: number
  readonly step: number
}

/** Adds, for each channel, the products of the inputs and the errors; four channels at once, whose sums stay in registers. */
function addProducts(x: Positions, dy: Positions, length: number, sums: Float64Array): void {
  const [inputs, errors] = [x.values, dy.values]
  let channel = 0
  for (; channel + 3 < sums.length; channel += 4) {
    let [first, second, third, fourth] = [0, 0, 0, 0]
    let input = x.first + channel
    let error = dy.first + channel
    for (let index = 0; index < length; index++) {
      first += inputs[input] * errors[error]
      second += inputs[input + 1] * errors[error + 1]
      third += inputs[input + 2] * errors[error + 2]
      fourth += inputs[input + 3] * errors[error + 3]
      input += x.step
      error += dy.step
    }
    sums[channel] += first
    sums[channel + 1] += second
    sums[channel + 2] += third
    sums[channel + 3] += fourth
  }
  for (; channel < sums.length; channel++) {
    sums[channel] += product(x, dy, length, channel, channel)
  }
}

/** The same where each input channel serves several outputs. */
function addMultipliedProducts(
  x: Positions,
  dy: Positions,
  length: number,
  sums: Float64Array,
  multiplier: number,
): void {
  for (let channel = 0; channel < sums.length; channel++) {
    sums[channel] += product(x, dy, length, Math.floor(channel / multiplier), channel)
  }
}

function product(
  x: Positions,
  dy: Positions,
  length: number,
  inputChannel: number,
  errorChannel: number,
): number {
  let sum = 0
  for (let index = 0; index < length; index++) {
    const input = x.values[x.first + index * x.step + inputChannel]
    sum += input * dy.values[dy.first + index * dy.step + errorChannel]
  }
  return sum
}
