import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
// Before the kernels are registered: the gradient of Relu6 is replaced where there is one.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { simdLoops } from '../../../../src/engine/kernels/simd-loops'
import { computeOn, expectClose, randomNumbers } from './compare'

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
})

beforeEach(() => {
  void tf.setBackend('wasm')
})

afterAll(() => {
  void tf.setBackend('cpu')
})

it('has its SIMD loops, without which the gradients are ten times as slow', () => {
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) throw new Error(`The backend is ${tf.getBackend()}.`)
  expect(simdLoops(backend)).toMatchObject({ products: expect.any(Function) })
})

describe('Identity on WASM', () => {
  it('shares the numbers', () => {
    const original = tf.tensor1d([1, 2, 3])
    const buffers = tf.backend().numDataIds()
    const copy = tf.clone(original)
    expect(tf.backend().numDataIds()).toBe(buffers)
    original.dispose()
    expect(Array.from(copy.dataSync())).toEqual([1, 2, 3])
    copy.dispose()
    expect(tf.backend().numDataIds()).toBe(buffers - 1)
  })

  it('keeps them when the variable that they are of is assigned others', () => {
    const variable = tf.variable(tf.tensor1d([1, 2]))
    const copy = tf.clone(variable)
    tf.tidy(() => variable.assign(tf.tensor1d([3, 4])))
    expect(Array.from(copy.dataSync())).toEqual([1, 2])
    expect(Array.from(variable.dataSync())).toEqual([3, 4])
    tf.dispose([variable, copy])
  })

  it('still copies text', () => {
    const original = tf.tensor1d(['a', 'b'])
    const copy = tf.clone(original)
    expect(copy.dataSync()).toEqual(['a', 'b'])
    tf.dispose([original, copy])
  })
})

describe('Cast on WASM', () => {
  it('shares the numbers where the type stays', () => {
    const original = tf.tensor1d([1.5, -2])
    const buffers = tf.backend().numDataIds()
    const same = tf.cast(original, 'float32')
    expect(tf.backend().numDataIds()).toBe(buffers)
    expect(Array.from(same.dataSync())).toEqual([1.5, -2])
    tf.dispose([original, same])
  })

  it('converts them where it changes', () => {
    const [flags, numbers] = [tf.tensor1d([true, false], 'bool'), tf.tensor1d([1.5, -2.5])]
    const [floats, integers] = [tf.cast(flags, 'float32'), tf.cast(numbers, 'int32')]
    expect(floats.dataSync()).toEqual(Float32Array.of(1, 0))
    expect(integers.dataSync()).toEqual(Int32Array.of(1, -2))
    tf.dispose([flags, numbers, floats, integers])
  })
})

describe('Sum on WASM', () => {
  it.each([
    { shape: [3, 7], axis: [0], keepDims: false },
    { shape: [200, 21], axis: [0], keepDims: true },
    { shape: [2, 40, 5, 19], axis: [0, 1, 2], keepDims: false },
    { shape: [2, 40, 5, 16], axis: [1, 0], keepDims: true },
    { shape: [4, 3, 10], axis: [-3], keepDims: false },
    { shape: [4, 3, 10], axis: [0, 2], keepDims: false },
    { shape: [4, 3, 10], axis: [1, 2], keepDims: true },
    { shape: [4, 3, 10], axis: [0, 1, 2], keepDims: true },
  ])('over the axes $axis of $shape is as on the CPU', ({ shape, axis, keepDims }) => {
    const inputs = [randomNumbers(shape, 1)]
    const add = (x: tf.Tensor): tf.Tensor => tf.sum(x, axis, keepDims)
    expectClose(computeOn('wasm', inputs, add), computeOn('cpu', inputs, add), String(axis))
  })

  it('adds whole numbers as whole numbers', () => {
    const x = tf.tensor2d([2 ** 24, 1, 1, 1], [2, 2], 'int32')
    const sums = tf.sum(x, 0)
    expect(sums.dtype).toBe('int32')
    expect(Array.from(sums.dataSync())).toEqual([2 ** 24 + 1, 2])
    tf.dispose([x, sums])
  })
})

describe('the gradient of Relu6 on WASM', () => {
  it('passes errors where the input is above 0 and at most 6', () => {
    const inputs = Float32Array.of(-7, -1, -0, 0, 1e-30, 3, 6, 6.0001, 7, Infinity, 2)
    const errors = Float32Array.from(inputs, (_, index) => index + 1)
    const before = [tf.memory().numTensors, tf.backend().numDataIds()]
    const gradient = tf.tidy(() =>
      tf.grad((x) => tf.relu6(x))(tf.tensor1d(inputs), tf.tensor1d(errors)),
    )
    expect(Array.from(gradient.dataSync())).toEqual([0, 0, 0, 0, 5, 6, 7, 0, 0, 0, 11])
    gradient.dispose()
    expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual(before)
  })

  it('is that of tfjs on another backend', () => {
    const inputs = [randomNumbers([4, 9], 3), randomNumbers([4, 9], 4)]
    const gradient = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
      tf.grad((input) => tf.relu6(tf.mul(input, 5)))(x, dy)
    expectClose(computeOn('wasm', inputs, gradient), computeOn('cpu', inputs, gradient), 'Relu6')
  })
})
