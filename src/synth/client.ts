import { WorkerClient } from '../rpc/client'
import type { SynthMethods } from './protocol'

/** A client of the worker that draws scenes while the page stays responsive; `close()` it when done. */
export function createSynthClient(): WorkerClient<SynthMethods> {
  return new WorkerClient(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'synth' }),
  )
}
