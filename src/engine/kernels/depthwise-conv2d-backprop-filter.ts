import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { convolutionGeometry, type SpatialAxis } from './convolution-geometry'

/**
 * Gradient of a depthwise convolution with respect to its filter, in plain loops over whole rows of channels: composed of
 * slices, products and sums it was twice as slow.
 */
export const depthwiseConv2dBackpropFilter = composedKernel<
  Record<'x' | 'dy', tf.TensorInfo>,
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
>(tf.DepthwiseConv2dNativeBackpropFilter, (steps, { x, dy }, attrs) => {
  const { filterShape, dilations } = attrs
  const geometry = convolutionGeometry(x.shape, filterShape, attrs, dilations, true)
  const { batch, rows, columns, inChannels, outChannels } = geometry
  const multiplier = outChannels / inChannels
  const inputs = steps.read(x)
  const errors = steps.read(dy)
  // Sums of many thousand terms: kept in double precision until the end.
  const gradient = new Float64Array(rows.filter * columns.filter * outChannels)
  for (let image = 0; image < batch; image++) {
    forEachPair(rows, (tapRow, inputRow, outputRow) => {
      const inputLine = (image * rows.input + inputRow) * columns.input
      const outputLine = (image * rows.output + outputRow) * columns.output
      forEachPair(columns, (tapColumn, inputColumn, outputColumn) => {
        const from = (inputLine + inputColumn) * inChannels
        const error = (outputLine + outputColumn) * outChannels
        const to = (tapRow * columns.filter + tapColumn) * outChannels
        addProducts(
          gradient.subarray(to, to + outChannels),
          inputs,
          from,
          errors,
          error,
          multiplier,
        )
      })
    })
  }
  return steps.upload(Float32Array.from(gradient), filterShape, 'float32')
})

/** Adds each input channel's number times its errors; a function of its own, so that browsers optimise it alone. */
function addProducts(
  sums: Float64Array,
  inputs: Float32Array,
  from: number,
  errors: Float32Array,
  error: number,
  multiplier: number,
): void {
  if (multiplier === 1) {
    for (let channel = 0; channel < sums.length; channel++) {
      sums[channel] += inputs[from + channel] * errors[error + channel]
    }
    return
  }
  for (let channel = 0; channel < sums.length; channel++) {
    sums[channel] += inputs[from + Math.floor(channel / multiplier)] * errors[error + channel]
  }
}

/** Every tap of the filter with each input position that it sees and the output position that it then serves. */
function forEachPair(
  { input, output, filter, stride, dilation, padding }: SpatialAxis,
  visit: (tap: number, inputPosition: number, outputPosition: number) => void,
): void {
  for (let tap = 0; tap < filter; tap++) {
    for (let position = 0; position < output; position++) {
      const seen = position * stride + tap * dilation - padding
      if (seen >= 0 && seen < input) visit(tap, seen, position)
    }
  }
}
