import type * as tf from '@tensorflow/tfjs-core'

/**
 * Work on the device that yields a tensor wherever it needs its numbers, and goes on with them: written once, it runs
 * where numbers come at once (WASM, CPU) and where they have to be waited for (WebGPU, WebGL).
 */
export type DeviceWork<Result> = Generator<tf.Tensor, Result, Float32Array>

/** Runs the work to its end, waiting for the numbers; what throws on the way runs the work's `finally` blocks. */
export async function runAsync<Result>(work: DeviceWork<Result>): Promise<Result> {
  let next = work.next()
  while (next.done !== true) {
    let values: Float32Array
    try {
      values = Float32Array.from(await next.value.data())
    } catch (error) {
      next = work.throw(error)
      continue
    }
    next = work.next(values)
  }
  return next.value
}

/** As `runAsync` at once, for backends whose numbers can be read at any time. */
export function runNow<Result>(work: DeviceWork<Result>): Result {
  let next = work.next()
  while (next.done !== true) {
    let values: Float32Array
    try {
      values = Float32Array.from(next.value.dataSync())
    } catch (error) {
      next = work.throw(error)
      continue
    }
    next = work.next(values)
  }
  return next.value
}
