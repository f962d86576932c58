import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { lanes, simdLoops, type SimdLoops } from './simd-loops'

/** What SIMD loops can do of numbers side by side; the rest is for plain ones. */
export interface SimdShare {
  /** Undefined when there is nothing for them, or the browser has no SIMD. */
  readonly loops: SimdLoops | undefined
  /** Arguments of the loops, and the numbers in them. */
  readonly blocks: number
  readonly covered: number
}

const backendName = 'wasm'

/** A kernel of the WASM backend that runs other kernels of it. */
export function composedKernel<Inputs, Attrs>(
  kernelName: string,
  compose: (steps: Composition, inputs: Inputs, attrs: Attrs) => tf.TensorInfo,
): tf.KernelConfig {
  return {
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      if (!(backend instanceof BackendWasm)) {
        throw new TypeError(`${kernelName} on WASM was called with another backend.`)
      }
      return new Composition(backend).finish((steps) =>
        compose(steps, inputs as Inputs, attrs as Attrs),
      )
    },
  }
}

/**
 * The steps of a composed kernel: each runs another kernel of the same backend, outside the gradient tape, and every
 * intermediate result lives until the composition ends.
 */
export class Composition {
  readonly #backend: BackendWasm
  readonly #intermediates: tf.TensorInfo[] = []

  constructor(backend: BackendWasm) {
    this.#backend = backend
  }

  /** Runs the steps and releases everything but their result, which must not be one of the kernel's inputs. */
  finish(compose: (steps: Composition) => tf.TensorInfo): tf.TensorInfo {
    let result: tf.TensorInfo | undefined
    try {
      result = compose(this)
      return result
    } finally {
      for (const intermediate of this.#intermediates) {
        // Views share their data by reference count, so the owner can go before the view.
        if (intermediate !== result) this.#backend.disposeData(intermediate.dataId)
      }
    }
  }

  /** A new float32 tensor whose numbers are still to be written. */
  allocate(shape: number[]): tf.TensorInfo {
    const result = this.#backend.makeOutput(shape, 'float32')
    this.#intermediates.push(result)
    return result
  }

  /** A float32 tensor's numbers where they lie. Allocating more can move the heap: views come after all allocations. */
  view(x: tf.TensorInfo): Float32Array {
    const values = this.#backend.typedArrayFromHeap(x)
    if (values instanceof Float32Array) return values
    throw new TypeError(`A tensor holds ${x.dtype}; cast it to float32.`)
  }

  /** Where a tensor's numbers lie, in bytes, for the SIMD loops. */
  address(x: tf.TensorInfo): number {
    return this.#backend.getMemoryOffset(x.dataId)
  }

  /** What SIMD loops can do of so many numbers side by side. */
  simd(count: number): SimdShare {
    const loops = simdLoops(this.#backend)
    const blocks = loops === undefined ? 0 : Math.floor(count / lanes)
    return { loops: blocks > 0 ? loops : undefined, blocks, covered: blocks * lanes }
  }

  upload(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = this.#backend.write(values, shape, dtype)
    const result = { dataId, shape, dtype }
    this.#intermediates.push(result)
    return result
  }

  reshape(x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
    return this.#run(tf.Reshape, { x }, { shape })
  }

  transpose(x: tf.TensorInfo, perm: number[]): tf.TensorInfo {
    return perm.every((axis, index) => axis === index)
      ? x
      : this.#run(tf.Transpose, { x }, { perm })
  }

  /** Products of untransposed operands only: the WASM backend multiplies transposed ones 20 times as slowly. */
  matMul(a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
    return this.#run(tf.BatchMatMul, { a, b }, { transposeA: false, transposeB: false })
  }

  sum(x: tf.TensorInfo, axis: number): tf.TensorInfo {
    return this.#run(tf.Sum, { x }, { axis, keepDims: false })
  }

  #run(kernelName: string, inputs: tf.NamedTensorInfoMap, attrs: object): tf.TensorInfo {
    const { kernelFunc } = tf.getKernel(kernelName, backendName)
    const result = kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend: this.#backend })
    if (Array.isArray(result)) throw new Error(`The kernel ${kernelName} has several results.`)
    this.#intermediates.push(result)
    return result
  }
}
