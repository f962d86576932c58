/** The detector as the round loop uses it: features are made sure of, progress goes to the activity. */
import type { ImageId } from '../core/dataset/types'
import type { ImageDetections } from '../core/detection/types'
import type { LossPoint, ModelSettings } from '../core/notebook/types'
import type { TrainedHead, TrainingExample } from '../engine/protocol'
import type { Activity } from './activity.svelte'
import { ensureFeatures } from './features'
import type { Session } from './session'

export interface TrainingOutcome {
  readonly head: TrainedHead
  readonly losses: readonly LossPoint[]
  /** Of the training itself, without embedding. */
  readonly seconds: number
  /** Those of the examples whose file could be read. */
  readonly examples: readonly TrainingExample[]
}

/** Trains one committee on these examples, with progress in `activity`. */
export async function trainHead(
  session: Session,
  examples: readonly TrainingExample[],
  settings: ModelSettings,
  seed: number,
  activity: Activity,
): Promise<TrainingOutcome> {
  const failed = await ensureFeatures(
    session,
    examples.map(({ imageId }) => imageId),
    settings.inputSize,
    activity,
  )
  const readable = examples.filter(({ imageId }) => !failed.has(imageId))
  const losses: LossPoint[] = []
  const startedAt = session.services.now()
  activity.enter('Training', settings.steps)
  const head = await session.engine.call(
    'train',
    {
      examples: readable,
      categories: session.categories.map(({ id }) => id),
      settings,
      seed,
    },
    {
      signal: activity.signal,
      onEvent: (event) => {
        if (event.kind !== 'step') return
        losses.push({ step: event.step, loss: event.loss })
        activity.losses = [...losses]
        activity.advance(event.step, event.steps, event.secondsLeft)
      },
    },
  )
  const seconds = (session.services.now() - startedAt) / 1000
  return { head, losses, seconds, examples: readable }
}

/**
 * Detections of each image with this head. An image whose file cannot be read has none, so that the ranking knows it
 * and never waits for it.
 */
export async function predictImages(
  session: Session,
  head: TrainedHead,
  imageIds: readonly ImageId[],
  phase: string,
  activity: Activity,
): Promise<ImageDetections[]> {
  const failed = await ensureFeatures(session, imageIds, head.settings.inputSize, activity)
  const readable = imageIds.filter((id) => !failed.has(id))
  activity.enter(phase, readable.length)
  const detections = await session.engine.call(
    'predict',
    { head, imageIds: readable },
    {
      signal: activity.signal,
      onEvent: ({ done, total, secondsLeft }) => activity.advance(done, total, secondsLeft),
    },
  )
  return [...detections, ...[...failed].map((imageId) => ({ imageId, detections: [] }))]
}
