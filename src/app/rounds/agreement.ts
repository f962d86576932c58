import { DetectionAgreement } from '../../core/experiment/stopping/agreement'
import { defaultCountThreshold } from '../../core/notebook/default-settings'
import type { CellId } from '../../core/notebook/types'
import type { Activity } from '../state/activity.svelte'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'

/**
 * Keeps in a trained round how far its boxes on the unlabelled images agree with those of the round before, for the
 * advice on when to stop; nothing where the boxes of the round before are no longer stored.
 */
export async function keepAgreement(
  session: Session,
  id: CellId,
  activity: Activity,
): Promise<void> {
  const { rounds } = session.notebook
  const round = rounds.find((candidate) => candidate.id === id)
  if (round?.output === undefined) return
  const previous = rounds.findLast(
    ({ index, output }) => index < round.index && output !== undefined,
  )
  if (previous === undefined) return
  const stored = await session.services.storage.getPredictions(previous.id)
  const before = new Map(stored.map(({ imageId, detections }) => [imageId, detections]))
  const { unlabeled } = session.pool
  const now = session.detections
  const compared = new DetectionAgreement(defaultCountThreshold)
  activity.enter('Comparing with the round before', unlabeled.length)
  await inSlices(
    unlabeled,
    activity.signal,
    (imageId) => {
      const old = before.get(imageId)
      const after = now.get(imageId)?.detections
      if (old !== undefined && after !== undefined) compared.add({ before: old, after })
    },
    (done) => activity.advance(done, unlabeled.length),
  )
  const agreement = compared.share
  if (agreement === undefined) return
  await session.notebook.update(id, 'round', (present) =>
    present.output === undefined
      ? present
      : { ...present, output: { ...present.output, agreement } },
  )
}
