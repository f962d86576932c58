import * as tf from '@tensorflow/tfjs-core'
import { detectionLoss } from '../core/detection/loss'
import { headLayout, hiddenLayer, outputLayer, splitMembers, uploadHead, type HeadShape } from './head'
import type { CellBatch } from './training-set'

export interface HeadGradient {
  readonly loss: number
  /** Same layout as the parameters. */
  readonly gradient: Float32Array
}

/**
 * Loss and gradient of a committee on one batch. The large products run on the device; the loss and its derivative at
 * the outputs (a few ten thousand numbers) are computed in `core`, so every backend has the same loss to the last bit.
 * All products are written without transposed operands: the WASM backend has a fast path for those only.
 *
 * @param dropout [N, K * H] factors of the hidden units: 0 or 1 / keep probability
 */
export async function headGradient(
  shape: HeadShape,
  parameters: Float32Array,
  batch: CellBatch,
  dropout: Float32Array,
): Promise<HeadGradient> {
  const { members, hidden, outputs, channels } = shape
  const { cellCount } = batch
  const { width } = headLayout(shape)
  const forward = tf.tidy(() => {
    const head = uploadHead(shape, parameters)
    const mask = tf.tensor2d(dropout, [cellCount, width])
    const cells = tf.tensor2d(batch.cells, [cellCount, channels])
    const active: tf.Tensor2D = tf.mul(hiddenLayer(head, cells), mask)
    const parts = splitMembers(active, members)
    return { head, mask, active, parts, outputs: outputLayer(head, parts) }
  })
  try {
    const values = Float32Array.from(await forward.outputs.data())
    const { loss, gradient: outputGradient } = detectionLoss(values, members, batch)
    const device = tf.tidy(() => {
      const size = cellCount * outputs
      const errors = forward.parts.map((_, member) =>
        tf.tensor2d(outputGradient.slice(member * size, (member + 1) * size), [cellCount, outputs]),
      )
      const memberGradients = errors.map((error, member) => {
        const part = forward.parts[member]
        return part === undefined ? tf.zeros([hidden, outputs]) : tf.matMul(tf.transpose(part), error)
      })
      const hiddenErrors = errors.map((error, member) => {
        const kernel = forward.head.memberKernels[member]
        return kernel === undefined ? tf.zeros([cellCount, hidden]) : tf.matMul(error, tf.transpose(kernel))
      })
      // The rectifier passes errors where the unit was active; a dropped unit was not.
      const hiddenError = tf.mul(tf.concat(hiddenErrors, 1), tf.mul(forward.mask, tf.step(forward.active)))
      const transposed = tf.tensor2d(batch.transposed, [channels + 1, cellCount])
      const hiddenGradient = tf.matMul(transposed, hiddenError)
      return tf.concat([flat(hiddenGradient), ...memberGradients.map(flat)])
    })
    try {
      return { loss, gradient: assemble(shape, await device.data(), outputGradient, cellCount) }
    } finally {
      device.dispose()
    }
  } finally {
    tf.dispose(forward)
  }
}

const flat = (tensor: tf.Tensor): tf.Tensor1D => tf.reshape(tensor, [-1])

/** Puts the device's products and the output biases' gradients (sums over cells) into the parameters' layout. */
function assemble(
  shape: HeadShape,
  products: ArrayLike<number>,
  outputGradient: Float32Array,
  cellCount: number,
): Float32Array {
  const { members, hidden, outputs } = shape
  const { memberStart, memberSize, size } = headLayout(shape)
  const gradient = new Float32Array(size)
  for (let index = 0; index < memberStart; index++) gradient[index] = products[index] ?? 0
  for (let member = 0; member < members; member++) {
    const from = memberStart + member * hidden * outputs
    const to = memberStart + member * memberSize
    for (let index = 0; index < hidden * outputs; index++) gradient[to + index] = products[from + index] ?? 0
    const bias = to + hidden * outputs
    for (let cell = 0; cell < cellCount; cell++) {
      const start = (member * cellCount + cell) * outputs
      for (let output = 0; output < outputs; output++) {
        gradient[bias + output] = (gradient[bias + output] ?? 0) + (outputGradient[start + output] ?? 0)
      }
    }
  }
  return gradient
}
