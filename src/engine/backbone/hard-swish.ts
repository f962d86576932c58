/** Hard swish, the trunk's activation, as one operation of its graph. */
import { registerOp } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { hardSwishName } from '../kernels/hard-swish'
import { hardSwishOp } from './network-graph'

/** Lets graph models run the operation that `joinHardSwish` puts into their graphs. Can be called again. */
export function registerHardSwish(): void {
  registerOp(hardSwishOp, ({ inputs: [x, factor, offset] }) => hardSwish(x, factor, offset))
}

/**
 * (factor * x) * relu6(x + offset) with two numbers as tensors. Where a gradient is wanted, or the backend has no kernel
 * for it, step by step: the steps have gradients.
 */
function hardSwish(x: tf.Tensor, factor: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const engine = tf.engine()
  const kernel = tf.getKernel(hardSwishName, tf.getBackend()) as tf.KernelConfig | undefined
  return kernel === undefined || engine.isTapeOn()
    ? tf.tidy(() => tf.mul(tf.mul(factor, x), tf.relu6(tf.add(x, offset))))
    : engine.runKernel(hardSwishName, { x, factor, offset })
}
