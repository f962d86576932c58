/** The kernels take one pass for what others do step by step; features must not notice. */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { hardSwishName } from '../../../../src/engine/kernels/hard-swish'
import { computeOn, randomNumbers, type Numbers } from './compare'

// Before it is replaced.
const originalMean = tf.getKernel(tf.Mean, 'wasm')

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
})

afterAll(() => {
  void tf.setBackend('cpu')
})

/** Numbers on both sides of where the gate begins and ends, and these ends. */
function spread(shape: number[], seed: number): Numbers {
  const { values } = randomNumbers(shape, seed)
  const numbers = values.map((value) => 4 * value)
  numbers.set([-3, 3, 0].slice(0, numbers.length))
  return { shape, values: numbers }
}

const number = (value: number): Numbers => ({ shape: [], values: Float32Array.of(value) })

it.each([[[1, 5, 7, 16]], [[1, 3, 3, 5]], [[1, 1, 1, 3]]])(
  'the hard swish of %o has the bits of the separate kernels',
  (shape) => {
    // As the network's file has them: a sixth in half precision.
    const inputs = [spread(shape, 1), number(0.166626), number(3)]
    const separately = (x: tf.Tensor, factor: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      tf.mul(tf.mul(factor, x), tf.relu6(tf.add(x, offset)))
    const atOnce = (x: tf.Tensor, factor: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      tf.engine().runKernel(hardSwishName, { x, factor, offset })
    expect(computeOn('wasm', inputs, atOnce)).toEqual(computeOn('wasm', inputs, separately))
  },
)

it.each([
  { shape: [1, 20, 20, 24], axis: [1, 2], keepDims: true },
  { shape: [1, 9, 4, 21], axis: [1, 2], keepDims: false },
  { shape: [1, 9, 4, 21], axis: [2, 1], keepDims: false },
  { shape: [1, 3, 5, 6], axis: [-3, -2], keepDims: true },
  { shape: [1, 3, 5, 16], axis: [2], keepDims: true },
  { shape: [2, 3, 5, 16], axis: [1, 2], keepDims: false },
])("the means over $axis of $shape have the bits of the backend's own", (given) => {
  const { shape, axis, keepDims } = given
  const means = (x: tf.Tensor): tf.Tensor => tf.mean(x, axis, keepDims)
  const inputs = [randomNumbers(shape, 1)]
  const actual = computeOn('wasm', inputs, means)
  const replaced = tf.getKernel(tf.Mean, 'wasm')
  expect(replaced).not.toBe(originalMean)
  useKernel(originalMean)
  try {
    expect(actual).toEqual(computeOn('wasm', inputs, means))
  } finally {
    useKernel(replaced)
  }
})

function useKernel(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(tf.Mean, 'wasm')
  tf.registerKernel(kernel)
}
