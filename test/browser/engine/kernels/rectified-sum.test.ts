/** The kernel takes one pass for what these kernels of tfjs do one after the other; heads must not notice. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { rectifiedSumName } from '../../../../src/engine/kernels/rectified-sum'
import { computeOn, randomNumbers } from './compare'

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
})

afterAll(() => {
  void tf.setBackend('cpu')
})

interface Case {
  readonly coarse: [number, number, number]
  readonly fine: [number, number, number]
  readonly coarseness: number
  readonly begin: [number, number]
}

it.each<Case>([
  { coarse: [4, 6, 64], fine: [8, 12, 64], coarseness: 2, begin: [0, 0] },
  { coarse: [5, 6, 64], fine: [6, 12, 64], coarseness: 2, begin: [2, 0] },
  { coarse: [4, 5, 16], fine: [6, 6, 16], coarseness: 2, begin: [0, 2] },
  // What is left over by loops that take eight channels at once, and nothing but that.
  { coarse: [4, 5, 21], fine: [4, 6, 21], coarseness: 2, begin: [2, 2] },
  { coarse: [2, 3, 5], fine: [4, 6, 5], coarseness: 2, begin: [0, 0] },
  { coarse: [3, 3, 24], fine: [8, 4, 24], coarseness: 4, begin: [4, 0] },
  { coarse: [1, 1, 8], fine: [2, 2, 8], coarseness: 2, begin: [0, 0] },
])(
  'of $fine and $coarse from $begin on has the bits of the separate kernels',
  ({ coarse, fine, coarseness, begin }) => {
    const inputs = [randomNumbers(fine, 1), randomNumbers(coarse, 2)]
    const separately = (fineMap: tf.Tensor, coarseMap: tf.Tensor): tf.Tensor => {
      const [rows, columns] = coarse.map((length) => length * coarseness)
      const whole = tf.image.resizeBilinear(coarseMap as tf.Tensor3D, [rows, columns], false, true)
      return tf.relu(tf.addN([fineMap, tf.slice(whole, [...begin, 0], fine)]))
    }
    const atOnce = (fineMap: tf.Tensor, coarseMap: tf.Tensor): tf.Tensor =>
      tf
        .engine()
        .runKernel(rectifiedSumName, { fine: fineMap, coarse: coarseMap }, { coarseness, begin })
    const actual = computeOn('wasm', inputs, atOnce)
    expect(actual).toEqual(computeOn('wasm', inputs, separately))
    expect(actual.values.some((value) => value === 0)).toBe(true)
    expect(actual.values.some((value) => value > 0)).toBe(true)
  },
)
