import type * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'

/** A kernel of our own: tfjs computes the gradient of Relu6 by five others. */
export const relu6GradName = 'Relu6Grad'

/** dy where x is above 0 and at most 6, else 0. */
export const relu6Grad = composedKernel<Record<'dy' | 'x', tf.TensorInfo>, undefined>(
  relu6GradName,
  (steps, { dy, x }) => {
    const gradient = steps.allocate(x.shape)
    const [errors, inputs, result] = [dy, x, gradient].map((tensor) => steps.view(tensor))
    const { loops, blocks, covered } = steps.simd(result.length)
    loops?.gate(steps.address(dy), steps.address(x), steps.address(gradient), blocks)
    for (let index = covered; index < result.length; index++)
      result[index] = inputs[index] > 0 && inputs[index] <= 6 ? errors[index] : 0
    return gradient
  },
)
