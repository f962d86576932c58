import * as tf from '@tensorflow/tfjs-core'
import type { RandomSource } from '../../core/random/types'
import type { TrainedHead } from './protocol'

/** Sizes of a committee: K independent two-layer perceptrons over the cells of one feature map. */
export interface HeadShape {
  /** Feature channels D. */
  readonly channels: number
  /** Committee members K. */
  readonly members: number
  /** Hidden units a member H. */
  readonly hidden: number
  /** Outputs a member: C class logits, then four logarithms of distances in cells. */
  readonly outputs: number
}

type NamedTensor = TrainedHead['weights'][number]

/**
 * Where each weight lies in the flat parameter vector: one block a member, holding the hidden layer's matrix [D, H] and
 * bias, then the output layer's matrix [H, C + 4] and bias. Kernel and bias are neighbours, so one product with an
 * appended row of ones gives the gradient of both.
 */
export function headLayout({ channels, members, hidden, outputs }: HeadShape) {
  const hiddenBias = channels * hidden
  const outputKernel = hiddenBias + hidden
  const outputBias = outputKernel + hidden * outputs
  const memberSize = outputBias + outputs
  return { hiddenBias, outputKernel, outputBias, memberSize, size: members * memberSize }
}

/** A fresh head gives every class a probability of sigmoid(-4) = 0.018, as most cells are background. */
const initialClassLogit = -4

/**
 * Fresh parameters: He-normal hidden layer, smaller output layer, class bias -4.
 * @param rawDistances bias of the four distance outputs, so that training starts at the typical object's size
 */
export function initialParameters(
  shape: HeadShape,
  rawDistances: readonly number[],
  random: RandomSource,
): Float32Array {
  const { hiddenBias, outputKernel, outputBias, memberSize, size } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  const parameters = new Float32Array(size)
  for (let member = 0; member < members; member++) {
    const own = parameters.subarray(member * memberSize, (member + 1) * memberSize)
    for (let index = 0; index < hiddenBias; index++)
      own[index] = random.normal() * Math.sqrt(2 / channels)
    for (let index = outputKernel; index < outputBias; index++)
      own[index] = random.normal() * 0.5 * Math.sqrt(1 / hidden)
    own.fill(initialClassLogit, outputBias, outputBias + outputs - 4)
    own.set(rawDistances, outputBias + outputs - 4)
  }
  return parameters
}

/** One member's parameters on the device. */
export type MemberTensors = {
  readonly kernel: tf.Tensor2D
  readonly bias: tf.Tensor1D
  readonly outputKernel: tf.Tensor2D
  readonly outputBias: tf.Tensor1D
}

/** Uploads the parameters; the caller disposes. */
export function uploadHead(shape: HeadShape, parameters: Float32Array): MemberTensors[] {
  const { hiddenBias, outputKernel, outputBias, memberSize } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  return Array.from({ length: members }, (_, member) => {
    const own = parameters.slice(member * memberSize, (member + 1) * memberSize)
    return {
      kernel: tf.tensor2d(own.slice(0, hiddenBias), [channels, hidden]),
      bias: tf.tensor1d(own.slice(hiddenBias, outputKernel)),
      outputKernel: tf.tensor2d(own.slice(outputKernel, outputBias), [hidden, outputs]),
      outputBias: tf.tensor1d(own.slice(outputBias)),
    }
  })
}

/** A member's hidden activations, [N, H]. */
export function hiddenLayer({ kernel, bias }: MemberTensors, cells: tf.Tensor2D): tf.Tensor2D {
  return tf.fused.matMul({ a: cells, b: kernel, bias, activation: 'relu' }) as tf.Tensor2D
}

/** A member's outputs, [N, C + 4]. */
export function outputLayer(
  { outputKernel, outputBias }: Pick<MemberTensors, 'outputKernel' | 'outputBias'>,
  hidden: tf.Tensor2D,
): tf.Tensor2D {
  return tf.fused.matMul({ a: hidden, b: outputKernel, bias: outputBias }) as tf.Tensor2D
}

/** Raw outputs of a committee on cells, [K * N, C + 4]; no dropout. */
export function applyHead(head: readonly MemberTensors[], cells: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() =>
    tf.concat(
      head.map((member) => outputLayer(member, hiddenLayer(member, cells))),
      0,
    ),
  )
}

/** The shape of a stored head. */
export function shapeOf({ channels, settings, categories }: TrainedHead): HeadShape {
  return {
    channels,
    members: settings.committee,
    hidden: settings.hidden,
    outputs: categories.length + 4,
  }
}

/** Parameters as named arrays, for storage. */
export function packHead(shape: HeadShape, parameters: Float32Array): NamedTensor[] {
  const { hiddenBias, outputKernel, outputBias, memberSize } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  return Array.from({ length: members }, (_, member) => {
    const own = parameters.slice(member * memberSize, (member + 1) * memberSize)
    const name = `member-${member}`
    return [
      {
        name: `${name}/hidden/kernel`,
        shape: [channels, hidden],
        values: own.slice(0, hiddenBias),
      },
      { name: `${name}/hidden/bias`, shape: [hidden], values: own.slice(hiddenBias, outputKernel) },
      {
        name: `${name}/output/kernel`,
        shape: [hidden, outputs],
        values: own.slice(outputKernel, outputBias),
      },
      { name: `${name}/output/bias`, shape: [outputs], values: own.slice(outputBias) },
    ]
  }).flat()
}

/** The inverse of `packHead`. @throws Error when the head's arrays do not fit its sizes. */
export function unpackHead(head: TrainedHead): Float32Array {
  const { size } = headLayout(shapeOf(head))
  const length = head.weights.reduce((sum, { values }) => sum + values.length, 0)
  if (length !== size) {
    throw new Error(
      `The stored head holds ${length} numbers but its settings need ${size}; train it again.`,
    )
  }
  const parameters = new Float32Array(size)
  let at = 0
  for (const { values } of head.weights) {
    parameters.set(values, at)
    at += values.length
  }
  return parameters
}
