import { WorkerClient } from '../rpc/client'
import type { SynthMethods } from './protocol'

/** A worker that draws scenes, so that the page stays responsive meanwhile; close it when done. */
export function createSynthClient(): WorkerClient<SynthMethods> {
  return new WorkerClient(
    () =>
      new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'margin-synth' }),
  )
}
