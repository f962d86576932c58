import * as tf from '@tensorflow/tfjs-core'
import type { RandomSource } from '../core/random/types'
import type { TrainedHead } from './protocol'

/** Sizes of a committee: K independent two-layer perceptrons over the cells of a feature map. */
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
 * Where each weight lies in the flat parameter vector: the hidden layer of all members as one wide matrix
 * [D, K * H] and its bias, then every member's output matrix [H, C + 4] and bias. Kernel and bias are neighbours, so
 * one product with an appended row of ones gives the gradient of both.
 */
export function headLayout({ channels, members, hidden, outputs }: HeadShape) {
  const width = members * hidden
  const bias = channels * width
  const memberStart = bias + width
  const memberSize = (hidden + 1) * outputs
  return { width, bias, memberStart, memberSize, size: memberStart + members * memberSize }
}

/** Probability that a fresh head gives every class: sigmoid(-4) = 0.018, as most cells are background. */
const initialClassLogit = -4

/**
 * Fresh parameters: He-normal hidden layer, small output layer, class bias -4.
 * @param rawDistances bias of the four distance outputs, so that training starts at the typical object's size
 */
export function initialParameters(shape: HeadShape, rawDistances: readonly number[], random: RandomSource): Float32Array {
  const { bias, memberStart, memberSize, size } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  const parameters = new Float32Array(size)
  for (let index = 0; index < bias; index++) parameters[index] = random.normal() * Math.sqrt(2 / channels)
  for (let member = 0; member < members; member++) {
    const start = memberStart + member * memberSize
    for (let index = 0; index < hidden * outputs; index++) {
      parameters[start + index] = random.normal() * 0.5 * Math.sqrt(1 / hidden)
    }
    for (let output = 0; output < outputs; output++) {
      const side = output - (outputs - 4)
      parameters[start + hidden * outputs + output] = side < 0 ? initialClassLogit : (rawDistances[side] ?? 0)
    }
  }
  return parameters
}

/** The parameters on the device. */
export type HeadTensors = {
  readonly kernel: tf.Tensor2D
  readonly bias: tf.Tensor1D
  readonly memberKernels: tf.Tensor2D[]
  readonly memberBiases: tf.Tensor1D[]
}

/** Uploads the parameters; the caller disposes (`disposeHead`) or calls inside `tf.tidy`. */
export function uploadHead(shape: HeadShape, parameters: Float32Array): HeadTensors {
  const { width, bias, memberStart, memberSize } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  const starts = Array.from({ length: members }, (_, member) => memberStart + member * memberSize)
  return {
    kernel: tf.tensor2d(parameters.slice(0, bias), [channels, width]),
    bias: tf.tensor1d(parameters.slice(bias, memberStart)),
    memberKernels: starts.map((start) =>
      tf.tensor2d(parameters.slice(start, start + hidden * outputs), [hidden, outputs]),
    ),
    memberBiases: starts.map((start) =>
      tf.tensor1d(parameters.slice(start + hidden * outputs, start + memberSize)),
    ),
  }
}

export function disposeHead({ kernel, bias, memberKernels, memberBiases }: HeadTensors): void {
  tf.dispose([kernel, bias, memberKernels, memberBiases])
}

/** Hidden activations of all members, [N, K * H]. */
export function hiddenLayer(head: HeadTensors, cells: tf.Tensor2D): tf.Tensor2D {
  return tf.fused.matMul({ a: cells, b: head.kernel, bias: head.bias, activation: 'relu' }) as tf.Tensor2D
}

/** Every member's outputs, [K * N, C + 4], from its own share of the hidden activations. */
export function outputLayer(head: HeadTensors, hidden: readonly tf.Tensor2D[]): tf.Tensor2D {
  const outputs = head.memberKernels.flatMap((kernel, member) => {
    const a = hidden[member]
    const bias = head.memberBiases[member]
    return a === undefined || bias === undefined ? [] : [tf.fused.matMul({ a, b: kernel, bias })]
  })
  return tf.concat(outputs, 0) as tf.Tensor2D
}

/** Splits hidden activations by member, K times [N, H]. */
export function splitMembers(hidden: tf.Tensor2D, members: number): tf.Tensor2D[] {
  return tf.split<tf.Tensor2D>(hidden, members, 1)
}

/** Raw outputs of a committee on cells, [K * N, C + 4]; no dropout. */
export function applyHead(head: HeadTensors, cells: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => outputLayer(head, splitMembers(hiddenLayer(head, cells), head.memberKernels.length)))
}

/** The shape of a stored head. */
export function shapeOf({ channels, settings, categories }: TrainedHead): HeadShape {
  return { channels, members: settings.committee, hidden: settings.hidden, outputs: categories.length + 4 }
}

/** Parameters as named arrays, for storage. */
export function packHead(shape: HeadShape, parameters: Float32Array): NamedTensor[] {
  const { width, bias, memberStart, memberSize } = headLayout(shape)
  const { channels, members, hidden, outputs } = shape
  const named = (name: string, dimensions: readonly number[], start: number): NamedTensor => ({
    name,
    shape: dimensions,
    values: parameters.slice(start, start + dimensions.reduce((product, size) => product * size, 1)),
  })
  const weights = [named('hidden/kernel', [channels, width], 0), named('hidden/bias', [width], bias)]
  for (let member = 0; member < members; member++) {
    const start = memberStart + member * memberSize
    weights.push(named(`member-${member}/kernel`, [hidden, outputs], start))
    weights.push(named(`member-${member}/bias`, [outputs], start + hidden * outputs))
  }
  return weights
}

/** The inverse of `packHead`. @throws Error when the head's arrays do not fit its sizes. */
export function unpackHead(head: TrainedHead): Float32Array {
  const { size } = headLayout(shapeOf(head))
  const length = head.weights.reduce((sum, { values }) => sum + values.length, 0)
  if (length !== size) {
    throw new Error(`The stored head holds ${length} numbers but its settings need ${size}; train it again.`)
  }
  const parameters = new Float32Array(size)
  let at = 0
  for (const { values } of head.weights) {
    parameters.set(values, at)
    at += values.length
  }
  return parameters
}
