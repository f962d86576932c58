import { WorkerClient, type WorkerDiedError } from '../rpc/client'
import type { MediaMethods } from './protocol'

/**
 * A client of the media worker, which starts with the first call. `close()` it when done.
 * @param onDeath called when the worker dies by itself; the next call starts a fresh one, without open zips.
 */
export function createMediaClient(
  onDeath?: (error: WorkerDiedError) => void,
): WorkerClient<MediaMethods> {
  return new WorkerClient<MediaMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'media' }),
    onDeath,
  )
}
