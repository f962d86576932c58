import * as tf from '@tensorflow/tfjs-core'
import { cast } from './cast'
import { conv2dBackpropFilter } from './conv2d-backprop-filter'
import { conv2dBackpropInput } from './conv2d-backprop-input'
import { depthwiseConv2dBackpropFilter } from './depthwise-conv2d-backprop-filter'
import { depthwiseConv2dBackpropInput } from './depthwise-conv2d-backprop-input'
import { einsum } from './einsum'
import { fromPixels } from './from-pixels'
import { hardSwish } from './hard-swish'
import { identity } from './identity'
import { mean } from './mean'
import { rectifiedSum } from './rectified-sum'
import { relu6Grad } from './relu6-grad'
import { registerRelu6Gradient } from './relu6-gradient'
import { sum } from './sum'

const kernels = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
  einsum,
  fromPixels,
  hardSwish,
  rectifiedSum,
  relu6Grad,
]

const shortcuts = [cast, identity, mean, sum]

let isRegistered = false

/** Registers the kernels that the WASM backend lacks, and faster ones for some that it has. Can be called again. */
export function registerWasmKernels(): void {
  if (isRegistered) return
  isRegistered = true
  const replacements = shortcuts.map((shortcut) =>
    shortcut.over(tf.getKernel(shortcut.kernelName, 'wasm')),
  )
  for (const kernel of [...kernels, ...replacements]) {
    const { kernelName, backendName } = kernel
    const present = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined
    if (present !== undefined) tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel(kernel)
  }
  registerRelu6Gradient()
}
