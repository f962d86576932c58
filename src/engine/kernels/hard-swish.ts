import type * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'

/** A kernel of our own: tfjs takes four passes, one an operation. */
export const hardSwishName = 'HardSwish'

/** (factor * x) * min(max(x + offset, 0), 6), with two numbers as tensors; the bits are those of the separate kernels. */
export const hardSwish = composedKernel<
  Record<'x' | 'factor' | 'offset', tf.TensorInfo>,
  undefined
>(hardSwishName, (steps, { x, factor, offset }) => {
  const result = steps.allocate(x.shape)
  const [values, [scale], [shift], to] = [x, factor, offset, result].map((tensor) =>
    steps.view(tensor),
  )
  const { loops, blocks, covered } = steps.simd(to.length)
  const [xAt, factorAt, offsetAt, resultAt] = [x, factor, offset, result].map((tensor) =>
    steps.address(tensor),
  )
  loops?.hardSwish(xAt, factorAt, offsetAt, resultAt, blocks)
  for (let index = covered; index < to.length; index++) {
    const gate = Math.min(6, Math.max(0, Math.fround(values[index] + shift)))
    to[index] = Math.fround(scale * values[index]) * gate
  }
  return result
})
