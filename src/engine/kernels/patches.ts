import type * as tf from '@tensorflow/tfjs-core'
import type { Composition } from './composition'
import { type ConvolutionGeometry, forEachRun, isPointwise } from './convolution-geometry'

/**
 * Adds up at each position of the input what belongs to it in all patches (col2im).
 * @param patches [batch * outputs, taps * inChannels]
 * @returns [batch, rows, columns, inChannels]
 */
export function foldPatches(
  steps: Composition,
  patches: tf.TensorInfo,
  geometry: ConvolutionGeometry,
): tf.TensorInfo {
  const { batch, rows, columns, inChannels } = geometry
  const shape = [batch, rows.input, columns.input, inChannels]
  if (isPointwise(geometry)) return steps.reshape(patches, shape)
  const folded = steps.allocate(shape)
  const from = steps.view(patches)
  const to = steps.view(folded)
  to.fill(0)
  const patchSize = rows.filter * columns.filter * inChannels
  forEachRun(geometry, (tap, inputPosition, outputPosition, length) => {
    for (let index = 0; index < length; index++) {
      const read = (outputPosition + index) * patchSize + tap * inChannels
      const write = (inputPosition + index * columns.stride) * inChannels
      for (let channel = 0; channel < inChannels; channel++)
        to[write + channel] += from[read + channel]
    }
  })
  return folded
}
