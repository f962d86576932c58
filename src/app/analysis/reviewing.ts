import type { Annotation, ImageId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import { dismissal } from '../../core/label-errors/dismiss'
import type { LabelSuspect } from '../../core/label-errors/types'
import { ImagePacker } from '../../core/evaluation/packed'
import type { CellId, ReviewItem, RoundCell } from '../../core/notebook/types'
import { Activity } from '../state/activity.svelte'
import { predictImages } from '../detector/detector'
import { surviving } from '../detector/surviving'
import { foldJudges } from './out-of-fold'
import { ensureDetections, headOf } from '../round-loop'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'
import { fingerprintOfReview } from '../state/staleness'

/** More than anybody looks through; the list is stored with the notebook. */
const mostItems = 300

/** What is less suspicious is as good as certainly right. */
const leastSuspicion = 0.05

/** The label of an image as it was looked at: it may be changed before the answer is there. */
interface LookedAt {
  readonly truth: readonly Annotation[]
  readonly revision: number
}

/**
 * Looks for label errors in the labelled pool images with the newest round's heads, each image judged by what never
 * trained on it; the cell keeps what is found.
 * @throws when there is no such judge of any image
 */
export async function reviewLabels(session: Session, id: CellId): Promise<void> {
  if (session.notebook.cell(id)?.kind !== 'review')
    throw new Error('This review is no longer in the notebook.')
  const round = session.notebook.rounds.findLast(({ output }) => output !== undefined)
  if (round === undefined) throw new Error('Train a round first: labels are held against a model.')
  await session.during(new Activity('review', 'Reviewing the labels'), async (activity) => {
    const fingerprint = fingerprintOfReview(session)
    const labeled = session.pool.labeled
    const { judged, categories } = await judgeImages(session, round, labeled, activity)
    if (judged.size === 0) {
      throw new Error(
        'Every head of this round has trained on every labelled image, so none can judge their labels. Train a round ' +
          'from scratch, at the depth “heads only”, with at least as many labelled images as heads.',
      )
    }
    const packer = new ImagePacker(categories.length)
    const known = new Set(session.categories.map(({ id: categoryId }) => categoryId))
    const looked = new Map<ImageId, LookedAt>()
    activity.enter('Comparing labels and detections', labeled.length)
    await inSlices(
      labeled,
      activity.signal,
      (imageId) => {
        // Of a class that was deleted since the training nothing can be said.
        const detections = judged
          .get(imageId)
          ?.detections.filter(({ categoryId }) => known.has(categoryId))
        if (detections === undefined) return
        const truth = session.labels.of(imageId)
        packer.add({ imageId, truth, detections })
        looked.set(imageId, { truth, revision: session.labels.label(imageId)?.revision ?? 0 })
      },
      (done) => activity.advance(done, labeled.length),
    )
    const params = { images: packer.packed, categories, leastSuspicion, limit: mostItems }
    const suspects = await surviving(
      session,
      activity,
      () => 'The review starts over.',
      () => session.engine.call('findLabelErrors', params, { signal: activity.signal }),
    )
    const output = {
      items: suspects.map((suspect) => reviewItem(suspect, looked.get(suspect.imageId))),
      images: looked.size,
      boxes: [...looked.values()].reduce((sum, { truth }) => sum + truth.length, 0),
      unjudged: labeled.length - looked.size,
      fingerprint,
      finishedAt: session.services.now(),
    }
    await session.notebook.update(id, 'review', (cell) => ({ ...cell, output }))
  })
}

/** Keeps for good that a label is right. */
export async function dismissSuspect(
  session: Session,
  id: CellId,
  item: ReviewItem,
): Promise<void> {
  await session.notebook.update(id, 'review', (cell) => ({
    ...cell,
    dismissed: [...cell.dismissed, dismissal(item)],
  }))
}

/** What each image looks like to heads that never trained on it; without images for which there is none. */
async function judgeImages(
  session: Session,
  round: RoundCell,
  labeled: readonly ImageId[],
  activity: Activity,
) {
  const head = await headOf(session, round)
  const wanted = new Set(labeled)
  const judged = new Map<ImageId, ImageDetections>()
  for (const { head: member, imageIds } of foldJudges(head)) {
    const own = imageIds.filter((imageId) => wanted.has(imageId))
    if (own.length === 0) continue
    const seen = await predictImages(session, member, own, 'Judging the labels', activity)
    for (const item of seen) judged.set(item.imageId, item)
  }
  // What was labelled since then, no head has trained on.
  const trainedOn = new Set(round.output?.trainedOn)
  const since = labeled.filter((imageId) => !trainedOn.has(imageId))
  if (since.length > 0) {
    await ensureDetections(session, round, activity)
    for (const imageId of since) {
      const item = session.detections.get(imageId)
      if (item !== undefined) judged.set(imageId, item)
    }
  }
  return { judged, categories: head.categories }
}

function reviewItem(suspect: LabelSuspect, looked: LookedAt | undefined): ReviewItem {
  return {
    ...suspect,
    revision: looked?.revision ?? 0,
    annotationId:
      suspect.kind === 'overlooked' ? undefined : looked?.truth[suspect.label.truthIndex]?.id,
  }
}
