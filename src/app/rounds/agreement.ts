import { detectionAgreement } from '../../core/experiment/agreement'
import { defaultCountThreshold } from '../../core/notebook/settings'
import type { CellId } from '../../core/notebook/types'
import type { Session } from '../state/session'

/**
 * Keeps in a trained round how far its boxes on the unlabelled images agree with those of the round before, for the
 * advice on when to stop; nothing where the boxes of the round before are no longer stored.
 */
export async function keepAgreement(session: Session, id: CellId): Promise<void> {
  const { rounds } = session.notebook
  const round = rounds.find((candidate) => candidate.id === id)
  if (round?.output === undefined) return
  const previous = rounds.findLast(
    ({ index, output }) => index < round.index && output !== undefined,
  )
  if (previous === undefined) return
  const stored = await session.services.storage.getPredictions(previous.id)
  const before = new Map(stored.map(({ imageId, detections }) => [imageId, detections]))
  const pairs = session.pool.unlabeled.flatMap((imageId) => {
    const old = before.get(imageId)
    const present = session.detections.get(imageId)?.detections
    return old === undefined || present === undefined ? [] : [{ before: old, after: present }]
  })
  const agreement = detectionAgreement(pairs, defaultCountThreshold)
  const latest = session.notebook.cell(id)
  if (agreement === undefined || latest?.kind !== 'round' || latest.output === undefined) return
  await session.notebook.put({ ...latest, output: { ...latest.output, agreement } })
}
