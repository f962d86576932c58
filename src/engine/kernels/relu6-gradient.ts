import * as tf from '@tensorflow/tfjs-core'
import { relu6GradName } from './relu6-grad'

/** Has the gradient of Relu6, where the gradients of tfjs are loaded, run the kernel of ours on WASM. */
export function registerRelu6Gradient(): void {
  const original = tf.getGradient(tf.Relu6) as tf.GradConfig | undefined
  if (original === undefined) return
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attrs) => {
      const [x] = saved
      return tf.getBackend() === 'wasm' && x !== undefined && !Array.isArray(dy)
        ? { x: () => tf.engine().runKernel(relu6GradName, { dy, x }) }
        : original.gradFunc(dy, saved, attrs)
    },
  })
}
