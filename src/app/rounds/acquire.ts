import { strategyById } from '../../core/acquisition/registry'
import type { ImageId } from '../../core/dataset/types'
import type { RoundSettings } from '../../core/notebook/types'
import type { TrainedHead } from '../../engine/head/protocol'
import type { Acquisition, QueriedImage } from '../../engine/query/protocol'
import type { Activity } from '../state/activity.svelte'
import { projectionOf } from '../detector/detector'
import { assumedCost, ownCost } from '../state/effort'
import { forEachPart } from '../detector/features'
import { readImages } from '../detector/image-files'
import { ensureProjection } from '../detector/projection'
import type { Session } from '../state/session'
import { surviving } from '../detector/surviving'

/**
 * Has the engine choose what to label next out of the pool. An image whose file cannot be read is told to the strategy
 * as one that nothing is known of.
 * @param model the head to ask or, before there is one, the input size that images are looked at with
 * @throws Error when the head was trained on features that can no longer be made
 */
export function acquireBatch(
  session: Session,
  model: TrainedHead | { readonly inputSize: number },
  settings: RoundSettings,
  activity: Activity,
): Promise<Acquisition> {
  const { strategyId, parameters, batchSize, seed } = settings
  const needsMirror = strategyById(strategyId).needs.includes('mirrored')
  const { signal } = activity
  return surviving(
    session,
    activity,
    () => 'It chooses again.',
    async () => {
      const { engine, labels, pool } = session
      const head = 'weights' in model ? model : undefined
      const projection =
        'weights' in model
          ? await projectionOf(session, model, activity)
          : await ensureProjection(session, model.inputSize, activity)
      // Megabytes that only embedding needs.
      const bare = head && { ...head, tuned: undefined }
      const query = { head: bare, projectionId: projection.id, strategyId }
      const phase = 'Looking at the pool'
      const imageIds = [...pool.unlabeled, ...pool.labeled]
      activity.enter(phase, imageIds.length)
      const lacking = await engine.call(
        'gather',
        { ...query, imageIds },
        {
          signal,
          onEvent: ({ done, total, secondsLeft }) => activity.advance(done, total, secondsLeft),
        },
      )
      const gather = async (part: readonly ImageId[], onImage: () => void): Promise<void> => {
        const images = needsMirror ? await readImages(session, part) : []
        const mirror = needsMirror ? { images, projection } : undefined
        const options = { signal, onEvent: onImage }
        await engine.call('gather', { ...query, imageIds: part, mirror }, options)
      }
      if (lacking.length > 0)
        await forEachPart(session, lacking, projection, phase, activity, gather)
      activity.enter('Choosing')
      const queried = (imageId: ImageId): QueriedImage => ({
        imageId,
        key: contentHash(session, imageId),
      })
      return engine.call(
        'acquire',
        {
          ...query,
          parameters,
          batchSize,
          seed,
          rounds: session.notebook.rounds.length,
          unlabeled: pool.unlabeled.map(queried),
          labeled: pool.labeled.map((imageId) => ({
            ...queried(imageId),
            truth: labels
              .of(imageId)
              .map(({ categoryId, box, crowd }) => ({ categoryId, box, crowd })),
          })),
          categories: session.categories.map(({ id, name }) => ({ id, name })),
          cost: ownCost(session) ?? assumedCost,
        },
        { signal },
      )
    },
  )
}

/**
 * What stands for an image in draws: ids are random, and what hangs on them would differ between two projects with the
 * same files and seed.
 */
export function contentHash(session: Session, imageId: ImageId): ImageId {
  return (session.image(imageId)?.sha256 ?? imageId) as ImageId
}
