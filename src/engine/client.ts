import { WorkerClient, type WorkerDiedError } from '../rpc/client'
import type { EngineMethods } from './protocol'

/** One image of a fine-tuning takes seconds on a slow phone; what is silent for two minutes will not speak again. */
const longestSilenceMs = 120_000

/**
 * The engine in a module worker of its own. Call `start` first; after a death the features are gone and `start` is
 * due again.
 * @param onDeath told when the worker dies by itself, or is ended because it hangs; calls under way reject with the same error
 */
export function createEngineClient(
  onDeath?: (error: WorkerDiedError) => void,
): WorkerClient<EngineMethods> {
  return new WorkerClient<EngineMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
    onDeath,
    {
      methods: ['fitProjection', 'embed', 'train', 'predict', 'gather', 'acquire'],
      silenceMs: longestSilenceMs,
    },
  )
}
