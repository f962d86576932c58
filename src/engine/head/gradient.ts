import * as tf from '@tensorflow/tfjs-core'
import { detectionLoss, type LossBatch } from '../../core/detection/loss'
import { runAsync, type DeviceWork } from '../device/device-work'
import { headLayout, hiddenLayer, outputLayer, uploadHead, type HeadShape } from './head'
import { divideBatch } from './shares'
import type { CellBatch } from './training-set'

export interface HeadGradient {
  readonly loss: number
  /** Same layout as the parameters. */
  readonly gradient: Float32Array
}

/**
 * Loss and gradient of a committee, each member on its own share of the batch. The large products run on the device;
 * the loss and its derivative at the outputs (a few ten thousand numbers) are computed in `core`, the same on every
 * backend. All products are written without transposed operands: the WASM backend has a fast path for those only, 20
 * times as fast. Of a product's two operands the smaller is transposed beforehand.
 *
 * @param dropout factors of the hidden units, 0 or 1 / keep probability: [N, H] of each member, one after the other
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
 * As `headGradient`, and on request the gradient at the cells of the whole batch as well: what a network that made them
 * has to learn from, of the mean loss of the members.
 */
export function* committeeGradient(
  shape: HeadShape,
  parameters: Float32Array,
  batch: CellBatch,
  dropout: Float32Array,
  atCells: boolean,
): DeviceWork<HeadGradient & { readonly cells: Float32Array | undefined }> {
  const { members, hidden, outputs, channels } = shape
  const shares = divideBatch(batch, members)
  const forward = tf.tidy(() => {
    const tensors = uploadHead(shape, parameters)
    let taken = 0
    const states = shares.map(({ cells, cellCount }, member) => {
      const size = cellCount * hidden
      const mask = tf.tensor2d(dropout.subarray(taken, taken + size), [cellCount, hidden])
      taken += size
      const own = tensors[member] ?? noMember(member)
      const input = tf.tensor2d(cells, [cellCount, channels])
      const active = tf.mul<tf.Tensor2D>(hiddenLayer(own, input), mask)
      return { ...own, input, mask, active, outputs: outputLayer(own, active) }
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
    const { loss, errors } = committeeLoss(yield forward.outputs, shares)
    const results = tf.tidy(() => {
      const cellErrors: tf.Tensor[] = []
      const parts = forward.states.flatMap(
        ({ kernel, outputKernel, input, mask, active }, member) => {
          const { cellCount, firstCell } = shares[member] ?? noMember(member)
          const error = tf.tensor2d(errors[member] ?? noMember(member), [cellCount, outputs])
          // The rectifier passes errors where the unit was active; a dropped unit was not.
          const gate = tf.mul(mask, tf.step(active))
          const hiddenError = tf.mul<tf.Tensor2D>(
            tf.matMul(error, tf.transpose(outputKernel)),
            gate,
          )
          if (atCells) {
            const after = batch.cellCount - firstCell - cellCount
            const own = tf.matMul<tf.Tensor2D>(hiddenError, tf.transpose(kernel))
            cellErrors.push(
              tf.pad2d(own, [
                [firstCell, after],
                [0, 0],
              ]),
            )
          }
          const transposedError = tf.transpose(hiddenError)
          return [
            tf.matMul(transposedError, input),
            tf.sum(transposedError, 1),
            tf.matMul(tf.transpose(error), active),
          ]
        },
      )
      return {
        products: tf.concat(parts.map((part) => tf.reshape(part, [-1]))),
        cells: atCells ? tf.div(tf.addN(cellErrors), members) : undefined,
      }
    })
    try {
      const gradient = assemble(shape, yield results.products, errors)
      return { loss, gradient, cells: results.cells && (yield results.cells) }
    } finally {
      results.products.dispose()
      results.cells?.dispose()
    }
  } finally {
    tf.dispose(forward)
  }
}

function noMember(member: number): never {
  throw new RangeError(`The committee has no member ${member}.`)
}

/** Mean loss of the members and, member by member, its gradient at the outputs. */
function committeeLoss(
  values: Float32Array,
  shares: readonly LossBatch[],
): { readonly loss: number; readonly errors: readonly Float32Array[] } {
  const width = values.length / shares.reduce((sum, { cellCount }) => sum + cellCount, 0)
  let taken = 0
  const losses = shares.map((share) => {
    const size = share.cellCount * width
    const own = detectionLoss(values.subarray(taken, taken + size), 1, share)
    taken += size
    return own
  })
  return {
    loss: losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length,
    errors: losses.map(({ gradient }) => gradient),
  }
}

/**
 * Puts the device's products and the output biases' gradients (sums over cells) into the parameters' layout.
 * @param products member by member: hidden kernel [H, D], hidden bias [H], output kernel [C + 4, H]
 */
function assemble(
  shape: HeadShape,
  products: Float32Array,
  errors: readonly Float32Array[],
): Float32Array {
  const { channels, hidden, outputs } = shape
  const { hiddenBias, outputKernel, outputBias, memberSize, size } = headLayout(shape)
  const gradient = new Float32Array(size)
  errors.forEach((error, member) => {
    const own = gradient.subarray(member * memberSize, (member + 1) * memberSize)
    const from = products.subarray(member * outputBias, (member + 1) * outputBias)
    setTransposed(own, 0, from.subarray(0, hiddenBias), hidden, channels)
    own.set(from.subarray(hiddenBias, outputKernel), hiddenBias)
    setTransposed(own, outputKernel, from.subarray(outputKernel), outputs, hidden)
    for (let index = 0; index < error.length; index++) {
      const bias = outputBias + (index % outputs)
      own[bias] = (own[bias] ?? 0) + (error[index] ?? 0)
    }
  })
  return gradient
}

/** Writes a matrix [rows, columns] transposed to `to`, from position `at` on. */
function setTransposed(
  to: Float32Array,
  at: number,
  matrix: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      to[at + column * rows + row] = matrix[row * columns + column] ?? 0
    }
  }
}
