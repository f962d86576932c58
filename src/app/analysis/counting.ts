import { countDetections, ObjectCount } from '../../core/detection/count'
import { poolMinScore } from '../../core/detection/model-settings'
import type { ImageId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { CellId, CountCell, ImageCount, RoundCell } from '../../core/notebook/types'
import { Activity } from '../state/activity.svelte'
import { predictImages } from '../detector/detector'
import { ensureDetections, headOf } from '../round-loop'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'
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
    const images: ImageCount[] = []
    // A head that sees too much does so on every image: heads are compared by their totals.
    const all = new ObjectCount(categories, cell.threshold)
    activity.enter('Counting', counted.length)
    await inSlices(
      counted,
      activity.signal,
      (imageId) => {
        const seen = detections.get(imageId)?.detections ?? []
        // A list of products has a thousand classes, most of them in few images.
        const counts = countDetections(seen, categories, cell.threshold)
        images.push({ imageId, counts: counts.filter(({ count }) => count > 0) })
        all.add(seen)
      },
      (done) => activity.advance(done, counted.length),
    )
    const output = {
      threshold: cell.threshold,
      images,
      totals: all.counts,
      fingerprint: fingerprintOfCount(session, cell),
      finishedAt: session.services.now(),
    }
    await session.notebook.update(id, 'count', (present) => ({ ...present, output }))
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
