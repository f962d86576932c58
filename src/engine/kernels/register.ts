import * as tf from '@tensorflow/tfjs-core'
import { conv2dBackpropFilter } from './conv2d-backprop-filter'
import { conv2dBackpropInput } from './conv2d-backprop-input'
import { depthwiseConv2dBackpropFilter } from './depthwise-conv2d-backprop-filter'
import { depthwiseConv2dBackpropInput } from './depthwise-conv2d-backprop-input'
import { einsum } from './einsum'
import { fromPixels } from './from-pixels'

const kernels = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
  einsum,
  fromPixels,
]

/**
 * Registers the kernels that the WASM backend lacks, and replaces its slow Conv2DBackpropInput. Can be called again.
 */
export function registerWasmKernels(): void {
  for (const kernel of kernels) {
    const { kernelName, backendName } = kernel
    const present = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined
    if (present === kernel) continue
    if (present !== undefined) tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel(kernel)
  }
}
