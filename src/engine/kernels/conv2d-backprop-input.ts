import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'
import { checkChannelsLast, convolutionGeometry } from './convolution-geometry'
import { spreadErrors } from './spread-errors'

/** Gradient of a convolution with respect to its input: the spread errors convolved with the turned filter. */
export const conv2dBackpropInput = composedKernel<
  Record<'dy' | 'filter', tf.TensorInfo>,
  tf.Conv2DBackpropInputAttrs
>(tf.Conv2DBackpropInput, (steps, { dy, filter }, attrs) => {
  checkChannelsLast(tf.Conv2DBackpropInput, attrs.dataFormat)
  const geometry = convolutionGeometry(attrs.inputShape, filter.shape, attrs, 1, false)
  const turned = steps.transpose(steps.reverse(filter, [0, 1]), [0, 1, 3, 2])
  return steps.conv2d(spreadErrors(steps, dy, geometry), turned)
})
