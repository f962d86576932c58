import type * as tf from '@tensorflow/tfjs-core'
import { composedKernel, type Composition } from './composition'

/** A faster way for some of a kernel's calls. */
export interface Shortcut {
  readonly kernelName: string
  /** @returns the kernel that takes the shortcut where it can, and goes the original's way else */
  over(original: tf.KernelConfig): tf.KernelConfig
}

/** @param applies whether the call can take the shortcut */
export function shortcut<Inputs, Attrs>(
  kernelName: string,
  applies: (inputs: Inputs, attrs: Attrs) => boolean,
  compose: (steps: Composition, inputs: Inputs, attrs: Attrs) => tf.TensorInfo,
): Shortcut {
  const short = composedKernel(kernelName, compose)
  return {
    kernelName,
    over: (original) => ({
      ...original,
      kernelFunc: (call) => {
        const takesIt = applies(call.inputs as Inputs, call.attrs as Attrs)
        return (takesIt ? short : original).kernelFunc(call)
      },
    }),
  }
}
