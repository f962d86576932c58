import type { Checkpoint } from '../../engine/protocol'
import { isCancellation } from './activity.svelte'
import type { Session } from './session'

/** Offers to go on with the newest round's training when the page was closed under it. */
export async function offerToGoOn(session: Session): Promise<void> {
  const round = session.latestRound
  if (round === undefined) return
  const stored = await session.services.storage.getCheckpoint(round.id, 0).catch(() => undefined)
  if (stored === undefined) return
  const { step } = stored as Checkpoint
  const train = async (): Promise<void> => {
    try {
      await session.trainRound(round.id)
    } catch (error) {
      if (!isCancellation(error)) session.notices.report(error, 'Training')
    }
  }
  session.notices.add(
    'info',
    `Training round ${round.index} was interrupted after ${step} steps; it can go on from there.`,
    { label: 'Go on', run: () => void train() },
  )
}
