/** The engine's worker, with a device that can be made to fail from outside. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { createEngine } from '../../../src/engine/engine'
import type { EngineMethods } from '../../../src/engine/protocol'
import { serve, type WorkerScope } from '../../../src/rpc/server'

export interface FaultyMethods extends EngineMethods {
  destroyDevice: { params: undefined; result: undefined; event: never }
}

serve<FaultyMethods>(
  {
    ...createEngine(),
    destroyDevice: () => {
      const backend = tf.backend()
      if (!(backend instanceof WebGPUBackend))
        throw new Error(`There is no device on ${tf.getBackend()}.`)
      backend.device.destroy()
      return undefined
    },
  },
  // The tests are checked with the page's types, where `self` is the window.
  self as unknown as WorkerScope,
)
