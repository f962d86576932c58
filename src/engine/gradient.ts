import * as tf from '@tensorflow/tfjs-core'
import { detectionLoss } from '../core/detection/loss'
import { runAsync, type DeviceWork } from './device-work'
import { headLayout, hiddenLayer, outputLayer, uploadHead, type HeadShape } from './head'
import type { CellBatch } from './training-set'

export interface HeadGradient {
  readonly loss: number
  /** Same layout as the parameters. */
  readonly gradient: Float32Array
}

/**
 * Loss and gradient of a committee on one batch. The large products run on the device; the loss and its derivative at
 * the outputs (a few ten thousand numbers) are computed in `core`, the same on every backend. All products are written
 * without transposed operands: the WASM backend has a fast path for those only, 20 times as fast.
 *
 * @param dropout [K, N, H] factors of the hidden units: 0 or 1 / keep probability
 */
export function headGradient(
  shape: HeadShape,
  parameters: Float32Array,
  batch: CellBatch,
  dropout: Float32Array,
): Promise<HeadGradient> {
  return runAsync(committeeGradient(shape, parameters, batch, dropout, false))
}

/**
 * As `headGradient`, and on request the gradient at the cells as well: what a network that made them has to learn from,
 * of the mean loss of the members.
 */
export function* committeeGradient(
  shape: HeadShape,
  parameters: Float32Array,
  batch: CellBatch,
  dropout: Float32Array,
  atCells: boolean,
): DeviceWork<HeadGradient & { readonly cells: Float32Array | undefined }> {
  const { members, hidden, outputs, channels } = shape
  const { cellCount } = batch
  const forward = tf.tidy(() => {
    const cells = tf.tensor2d(batch.cells, [cellCount, channels])
    const states = uploadHead(shape, parameters).map((tensors, member) => {
      const size = cellCount * hidden
      const mask = tf.tensor2d(dropout.subarray(member * size, (member + 1) * size), [
        cellCount,
        hidden,
      ])
      const active = tf.mul<tf.Tensor2D>(hiddenLayer(tensors, cells), mask)
      return {
        kernel: tensors.kernel,
        outputKernel: tensors.outputKernel,
        mask,
        active,
        outputs: outputLayer(tensors, active),
      }
    })
    return {
      states,
      outputs: tf.concat(
        states.map((state) => state.outputs),
        0,
      ),
    }
  })
  try {
    const { loss, gradient: errors } = detectionLoss(yield forward.outputs, members, batch)
    const results = tf.tidy(() => {
      const transposed = tf.tensor2d(batch.transposed, [channels + 1, cellCount])
      const cellErrors: tf.Tensor[] = []
      const parts = forward.states.flatMap(({ kernel, outputKernel, mask, active }, member) => {
        const size = cellCount * outputs
        const error = tf.tensor2d(errors.subarray(member * size, (member + 1) * size), [
          cellCount,
          outputs,
        ])
        const outputGradient = tf.matMul(tf.transpose(active), error)
        // The rectifier passes errors where the unit was active; a dropped unit was not.
        const gate = tf.mul(mask, tf.step(active))
        const hiddenError = tf.mul<tf.Tensor2D>(tf.matMul(error, tf.transpose(outputKernel)), gate)
        if (atCells) cellErrors.push(tf.matMul(hiddenError, tf.transpose(kernel)))
        return [tf.matMul(transposed, hiddenError), outputGradient]
      })
      return {
        products: tf.concat(parts.map((part) => tf.reshape(part, [-1]))),
        cells: atCells ? tf.div(tf.addN(cellErrors), members) : undefined,
      }
    })
    try {
      const gradient = assemble(shape, yield results.products, errors, cellCount)
      return { loss, gradient, cells: results.cells && (yield results.cells) }
    } finally {
      results.products.dispose()
      results.cells?.dispose()
    }
  } finally {
    tf.dispose(forward)
  }
}

/** Puts the device's products and the output biases' gradients (sums over cells) into the parameters' layout. */
function assemble(
  shape: HeadShape,
  products: ArrayLike<number>,
  errors: Float32Array,
  cellCount: number,
): Float32Array {
  const { members, outputs } = shape
  const { outputBias, memberSize, size } = headLayout(shape)
  const gradient = new Float32Array(size)
  for (let member = 0; member < members; member++) {
    const start = member * memberSize
    for (let index = 0; index < outputBias; index++) {
      gradient[start + index] = products[member * outputBias + index] ?? 0
    }
    const bias = start + outputBias
    for (let cell = 0; cell < cellCount; cell++) {
      const from = (member * cellCount + cell) * outputs
      for (let output = 0; output < outputs; output++) {
        gradient[bias + output] = (gradient[bias + output] ?? 0) + (errors[from + output] ?? 0)
      }
    }
  }
  return gradient
}
