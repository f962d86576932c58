import type { AuditCluster, AuditImage } from '../../core/dataset/audit/feature-coverage'
import {
  BoxComparison,
  type AuditBox,
  type AuditDistribution,
} from '../../core/dataset/audit/distributions'
import type { ImageId } from '../../core/dataset/types'
import { defaultModelSettings } from '../../core/detection/model-settings'
import { defaultCountThreshold } from '../../core/notebook/default-settings'
import { Activity } from '../state/activity.svelte'
import { forEachPart } from '../detector/features'
import { ensureProjection } from '../detector/projection'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'
import { surviving } from '../detector/surviving'

/** How the labelled boxes compare with those that the newest model sees in the rest of the pool. */
export interface BoxAudit {
  readonly labeled: number
  /** Of the present classes, seen with a probability of 0.3 or more; 0 before anything was trained. */
  readonly pool: number
  readonly distributions: readonly AuditDistribution[]
}

/**
 * Compares labels with detections, in short tasks of the page; nothing is computed anew.
 * @throws the signal's reason once it is aborted
 */
export async function auditBoxes(session: Session, signal: AbortSignal): Promise<BoxAudit> {
  const { pool, labels, detections } = session
  const comparison = new BoxComparison(session.categories.map(({ id }) => id))
  await inSlices(pool.labeled, signal, (imageId) => {
    for (const box of placed(session, imageId, labels.of(imageId))) comparison.addLabeled(box)
  })
  await inSlices(pool.unlabeled, signal, (imageId) => {
    const seen = detections.get(imageId)?.detections ?? []
    const likely = seen.filter(({ score }) => score >= defaultCountThreshold)
    for (const box of placed(session, imageId, likely)) comparison.addPool(box)
  })
  const { labeled, pool: inPool, distributions } = comparison
  return { labeled, pool: inPool, distributions }
}

/** Images of the pool by what they look like. */
export interface CoverageAudit {
  /** Every image of the pool at that time. */
  readonly compared: readonly ImageId[]
  /** The larger first; images that cannot be read are in none. */
  readonly clusters: readonly AuditCluster[]
}

/** Groups the images of the pool that look alike. */
export function auditCoverage(session: Session): Promise<CoverageAudit> {
  return session.during(new Activity('audit', 'Comparing what images look like'), (activity) =>
    surviving(
      session,
      activity,
      () => 'It starts over.',
      async () => {
        const model = session.notebook.cells.find(({ kind }) => kind === 'model')
        const { inputSize } = model?.kind === 'model' ? model.settings : defaultModelSettings
        const projection = await ensureProjection(session, inputSize, activity)
        const { labeled, unlabeled } = session.pool
        const compared = [...labeled, ...unlabeled]
        const images: AuditImage[] = []
        const describe = async (part: readonly ImageId[], onImage: () => void): Promise<void> => {
          const described = await session.engine.call(
            'describe',
            { imageIds: part },
            { signal: activity.signal },
          )
          for (const { imageId, feature } of described) {
            images.push({ imageId, feature })
            onImage()
          }
        }
        await forEachPart(session, compared, projection, 'Looking at the pool', activity, describe)
        activity.enter('Grouping')
        const { seed } = session.project
        const { signal } = activity
        return {
          compared,
          clusters: await session.engine.call('coverage', { images, seed }, { signal }),
        }
      },
    ),
  )
}

function placed(
  session: Session,
  imageId: ImageId,
  boxes: readonly Pick<AuditBox, 'categoryId' | 'box'>[],
): AuditBox[] {
  const image = session.image(imageId)
  if (image === undefined) return []
  const { width, height } = image
  return boxes.map(({ categoryId, box }) => ({
    categoryId,
    box,
    imageWidth: width,
    imageHeight: height,
  }))
}
