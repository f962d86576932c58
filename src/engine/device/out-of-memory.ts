import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/** Backends that are guarded already. */
const guarded = new WeakSet<BackendWasm>()

/** What the engines of the browsers and the backends of tfjs call it. */
const wording =
  /out of memory|allocation failed|invalid (typed )?array (buffer )?length|enlarge memory|\bOOM\b/i

/** True for an error that less data at a time may avoid. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && wording.test(error.message)
}

/** The part of the module that tfjs's types leave out. */
export interface WasmHeap {
  /** Address of as many bytes; 0 when there are none left. */
  _malloc: (bytes: number) => number
}

/**
 * Makes the present WASM backend throw when its heap is full: tfjs takes the null pointer that `malloc` returns then
 * for an address, and overwrites the module's own memory.
 */
export function guardAllocations(): void {
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm) || guarded.has(backend)) return
  guarded.add(backend)
  const wasm = backend.wasm as unknown as WasmHeap
  // The first call replaces the function by the module's own; only that one can be wrapped for good.
  wasm._malloc(8)
  const allocate = wasm._malloc
  wasm._malloc = (bytes: number): number => {
    const address = allocate(bytes)
    if (address === 0 && bytes > 0)
      throw new RangeError(`Out of memory: the WASM heap has no ${bytes} bytes left.`)
    return address
  }
}
