/** Work that outlives the engine's worker. */
import { WorkerDiedError } from '../../rpc/client'
import type { Activity } from '../state/activity.svelte'
import type { Session } from '../state/session'

/** After as many deaths in one piece of work, starting again will not help. */
const mostDeaths = 3

/**
 * Runs `work`, again whenever the worker dies under it, and tells the user.
 * @param goesOn what the next attempt does, for the user
 * @throws what `work` throws; `WorkerDiedError` when the worker dies again and again
 */
export async function surviving<T>(
  session: Session,
  activity: Activity,
  goesOn: () => string,
  work: () => Promise<T>,
): Promise<T> {
  for (let deaths = 0; ; deaths++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof WorkerDiedError) || deaths === mostDeaths) throw error
      activity.signal.throwIfAborted()
      activity.enter('Starting the engine again')
      // When it does not start, the next attempt says why.
      const info = await session.engine.ready().catch(() => undefined)
      if (info === undefined) continue
      session.notices.add(
        'warning',
        `${causeOf(error)} It was started again on ${info.backend}. ${goesOn()}`,
      )
    }
  }
}

function causeOf({ message }: WorkerDiedError): string {
  if (message.includes('graphics card')) return 'The graphics card stopped answering.'
  return message.includes('no sign of life')
    ? 'The engine stopped answering.'
    : 'The engine stopped.'
}
