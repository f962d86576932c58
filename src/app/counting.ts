import { countDetections } from '../core/detection/count'
import type { ImageId } from '../core/dataset/types'
import type { CategoryCount, CellId, CountCell, ImageCount } from '../core/notebook/types'
import { Activity } from './activity.svelte'
import type { Session } from './session'
import { ensureDetections } from './round-loop'
import { fingerprintOfCount } from './staleness'

/** Counts objects of each category in one image or the whole pool, with the newest model; the cell keeps the result. */
export async function countObjects(session: Session, id: CellId): Promise<void> {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'count') throw new Error('This count is no longer in the notebook.')
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  if (round === undefined) throw new Error('Train a round first: counting needs a model.')
  await session.during(new Activity('count', 'Counting objects'), async (activity) => {
    await ensureDetections(session, round, activity)
    const images = idsToCount(session, cell).map((imageId) =>
      countImage(session, imageId, cell.threshold),
    )
    const latest = session.notebook.cell(id)
    if (latest?.kind !== 'count') return // removed while counting
    await session.notebook.put({
      ...latest,
      output: {
        threshold: cell.threshold,
        images,
        totals: totals(session, images),
        fingerprint: fingerprintOfCount(session, cell),
        finishedAt: session.services.now(),
      },
    })
  })
}

function idsToCount(session: Session, cell: CountCell): ImageId[] {
  if (cell.imageId !== undefined) return [cell.imageId]
  return session.images.filter(({ split }) => split === 'pool').map(({ id }) => id)
}

function countImage(session: Session, imageId: ImageId, threshold: number): ImageCount {
  const categories = session.categories.map(({ id }) => id)
  const detections = session.detections.get(imageId)?.detections ?? []
  return { imageId, counts: countDetections(detections, categories, threshold) }
}

/** Sums over images; images err independently, so variances add. */
function totals(session: Session, images: readonly ImageCount[]): CategoryCount[] {
  return session.categories.map(({ id: categoryId }, index) => {
    let count = 0
    let variance = 0
    for (const { counts } of images) {
      count += counts[index].count
      variance += counts[index].deviation ** 2
    }
    return { categoryId, count, deviation: Math.sqrt(variance) }
  })
}
