/** The engine's worker, with a device that can be made to fail from outside. */
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { createEngine } from '../../../src/engine/engine'
import { workerHeartbeat } from '../../../src/engine/device/pacing'
import type { EngineMethods } from '../../../src/engine/protocol'
import { serve, type WorkerScope } from '../../../src/rpc/server'

export interface FaultyMethods extends EngineMethods {
  destroyDevice: { params: undefined; result: undefined; event: never }
  /** An endless loop. */
  spin: { params: undefined; result: never; event: never }
  /** From now on the backend answers nothing, as when its driver hangs. */
  stall: { params: undefined; result: undefined; event: never }
}

serve<FaultyMethods>(
  {
    ...createEngine(),
    destroyDevice: () => {
      const backend = tf.backend()
      if (backend instanceof WebGPUBackend) backend.device.destroy()
      else if (backend instanceof MathBackendWebGL) {
        const loss = backend.getGPGPUContext().gl.getExtension('WEBGL_lose_context')
        if (loss === null) throw new Error('This WebGL context cannot be lost on purpose.')
        loss.loseContext()
      } else throw new Error(`There is no device on ${tf.getBackend()}.`)
      return undefined
    },
    spin: () => {
      for (;;);
    },
    stall: () => {
      tf.backend().read = () => new Promise(() => undefined)
      return undefined
    },
  },
  // The tests are checked with the page's types, where `self` is the window.
  self as unknown as WorkerScope,
  workerHeartbeat,
)
