import * as tf from '@tensorflow/tfjs-core'
import type { BackendName } from './protocol'

/** Why this browser cannot have the backend at all; asked first, as tfjs would report it on the console only. */
export async function missingDevice(name: BackendName): Promise<string | undefined> {
  if (name === 'webgpu') {
    if (!('gpu' in navigator)) return 'this browser offers no WebGPU.'
    // The same wish as tfjs has, so that the answer is the same.
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (adapter === null) return 'this browser offers no graphics adapter.'
  }
  if (name === 'webgl') {
    // Safari's off-screen canvas lacks what tfjs needs, and a worker has no other.
    if (!('document' in globalThis) && tf.env().getBool('IS_SAFARI'))
      return 'this browser offers no WebGL in workers.'
    // As tfjs asks: WebGL in software would be slower than WASM.
    const context = new OffscreenCanvas(1, 1).getContext('webgl2', {
      failIfMajorPerformanceCaveat: true,
    })
    if (context === null) return 'this browser offers no WebGL on a graphics card.'
    context.getExtension('WEBGL_lose_context')?.loseContext()
  }
  return undefined
}
