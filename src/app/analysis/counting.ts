import { countDetections } from '../../core/detection/count'
import { poolMinScore } from '../../core/detection/settings'
import type { ImageId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { CellId, CountCell, RoundCell } from '../../core/notebook/types'
import { Activity } from '../state/activity.svelte'
import { predictImages } from '../detector/detector'
import { ensureDetections, headOf } from '../round-loop'
import type { Session } from '../state/session'
import { fingerprintOfCount } from '../state/staleness'

/** Counts objects of each category in one image or the whole pool, with the newest model; the cell keeps the result. */
export async function countObjects(session: Session, id: CellId): Promise<void> {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'count') throw new Error('This count is no longer in the notebook.')
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  if (round === undefined) throw new Error('Train a round first: counting needs a model.')
  await session.during(new Activity('count', 'Counting objects'), async (activity) => {
    await ensureDetections(session, round, activity)
    const counted = idsToCount(session, cell)
    const detections = await detectionsOf(session, round, counted, activity)
    const categories = session.categories.map(({ id: categoryId }) => categoryId)
    const seen = counted.map((imageId) => detections.get(imageId)?.detections ?? [])
    const images = counted.map((imageId, index) => ({
      imageId,
      counts: countDetections(seen[index], categories, cell.threshold),
    }))
    const latest = session.notebook.cell(id)
    if (latest?.kind !== 'count') return // removed while counting
    await session.notebook.put({
      ...latest,
      output: {
        threshold: cell.threshold,
        images,
        // A head that sees too much does so on every image: heads are compared by their totals.
        totals: countDetections(seen.flat(), categories, cell.threshold),
        fingerprint: fingerprintOfCount(session, cell),
        finishedAt: session.services.now(),
      },
    })
  })
}

/** The pool's detections, and those of an image outside it (of the test split) if that is what is counted. */
async function detectionsOf(
  session: Session,
  round: RoundCell,
  imageIds: readonly ImageId[],
  activity: Activity,
): Promise<ReadonlyMap<ImageId, ImageDetections>> {
  const missing = imageIds.filter((id) => !session.detections.has(id))
  if (missing.length === 0) return session.detections
  const head = await headOf(session, round)
  const phase = 'Looking at the image'
  const more = await predictImages(session, head, missing, phase, activity, poolMinScore)
  return new Map([...session.detections, ...more.map((item) => [item.imageId, item] as const)])
}

function idsToCount(session: Session, cell: CountCell): ImageId[] {
  if (cell.imageId !== undefined) return [cell.imageId]
  return session.images.filter(({ split }) => split === 'pool').map(({ id }) => id)
}
