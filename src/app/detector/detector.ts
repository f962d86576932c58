/** The detector as the round loop uses it: features are made sure of, progress goes to the activity. */
import type { ImageId } from '../../core/dataset/types'
import { viewsPerImage } from '../../core/detection/view'
import type { ImageDetections } from '../../core/detection/types'
import { trainingSchedule } from '../../core/detection/schedule'
import type { CellId, LossPoint, ModelSettings } from '../../core/notebook/types'
import type { Projection } from '../../engine/features/protocol'
import type {
  Checkpoint,
  TrainEvent,
  TrainedHead,
  TrainingExample,
  TuningInputs,
} from '../../engine/head/protocol'
import type { Activity } from '../state/activity.svelte'
import { ensureFeatures, forEachPart } from './features'
import { readImages } from './image-files'
import { ensureProjection } from './projection'
import type { Session } from '../state/session'
import { surviving } from './surviving'

/** A loss that is drawn more often shows nothing more. */
const redrawMilliseconds = 250

export interface TrainingOutcome {
  readonly head: TrainedHead
  readonly losses: readonly LossPoint[]
  /** Of the training itself, without embedding and pauses. */
  readonly seconds: number
  /** Those of the examples whose file could be read. */
  readonly examples: readonly TrainingExample[]
}

/** Where a training keeps its checkpoints: run 0 is the round's own, the others are those of its estimate. */
export interface RunPlace {
  readonly cellId: CellId
  readonly run: number
}

/** How a training is to be done. */
export interface TrainingPlan {
  readonly settings: ModelSettings
  readonly seed: number
  /** The head it starts from, when the settings ask for a warm start. */
  readonly initial: TrainedHead | undefined
}

/**
 * Trains one committee on these examples, with progress in `activity`. Goes on from the checkpoint at `place` when that
 * is of the same training, and from the last one when the worker dies.
 */
export async function trainHead(
  session: Session,
  examples: readonly TrainingExample[],
  { settings, seed, initial }: TrainingPlan,
  activity: Activity,
  { cellId, run }: RunPlace,
): Promise<TrainingOutcome> {
  const { storage, now } = session.services
  const { steps } = trainingSchedule(settings)
  let checkpoint = (await storage.getCheckpoint(cellId, run)) as Checkpoint | undefined
  /** Of this page; the user need not be told of it twice. */
  let isOwn = false
  let losses: readonly LossPoint[] = []
  let saving: Promise<void> = Promise.resolve()
  let drawnAt = 0

  const onEvent = (event: TrainEvent): void => {
    if (event.kind === 'step') {
      losses = [...losses, { step: event.step, loss: event.loss }]
      activity.advance(event.step, event.steps, event.secondsLeft)
    } else if (event.kind === 'checkpoint') {
      const taken = event.checkpoint
      checkpoint = taken
      isOwn = true
      // Without it a crash costs more time, no data.
      saving = saving
        .then(() => storage.putCheckpoint(session.project.id, cellId, run, taken))
        .catch(() => undefined)
    } else if (event.kind === 'phase') {
      if (event.phase === 'tuning') activity.enter('Training the network', steps)
    } else if (event.kind === 'resumed') {
      losses = lossPoints(checkpoint)
      activity.advance(event.step, steps)
      if (!isOwn && event.step < steps)
        session.notices.add('info', `Training goes on from step ${event.step} of ${steps}.`)
    } else if (event.kind === 'rolled-back') {
      losses = losses.filter(({ step }) => step <= event.step)
      session.notices.add(
        'warning',
        `The loss diverged. Training went back to step ${event.step} and goes on with a learning rate of ` +
          `${Number(event.learningRate.toPrecision(3))}; set a lower one in the model cell to avoid this.`,
      )
    } else if (event.kind === 'batch-halved') {
      session.notices.add(
        'warning',
        `Memory ran out. Training goes on with ${event.imagesPerStep} images a step; close other tabs, or choose a ` +
          'smaller model, to train as set.',
      )
    }
    // Drawn anew with every change, which takes a frame's time: under the annotator nobody would see it.
    const isDue = session.openImageId === undefined && now() - drawnAt >= redrawMilliseconds
    if (event.kind !== 'step' || isDue || event.step === steps) {
      activity.losses = losses
      drawnAt = now()
    }
  }

  const goesOn = (): string =>
    isOwn && checkpoint !== undefined
      ? `Training goes on from step ${checkpoint.step} of ${steps}.`
      : 'Training starts over.'
  const trained = await surviving(session, activity, goesOn, async () => {
    const failed = await ensureFeatures(
      session,
      examples.map(({ imageId }) => imageId),
      settings.inputSize,
      viewsPerImage(settings.views, examples.length),
      activity,
    )
    const readable = examples.filter(({ imageId }) => !failed.has(imageId))
    losses = []
    const categories = session.categories.map(({ id }) => id)
    const tuning =
      settings.depth === 'head'
        ? undefined
        : await tuningInputs(session, readable, settings, activity)
    activity.enter(tuning === undefined ? 'Training' : 'Training the heads first', steps)
    const request = { examples: readable, categories, settings, seed, initial, tuning, checkpoint }
    const head = await session.engine.call('train', request, { signal: activity.signal, onEvent })
    return { head, examples: readable }
  })
  await saving
  // The last checkpoint is taken after the last step.
  return { ...trained, losses: lossPoints(checkpoint), seconds: checkpoint?.seconds ?? 0 }
}

/** What a training below the head needs beside the features: the files, read as they are used, and the projection. */
async function tuningInputs(
  session: Session,
  examples: readonly TrainingExample[],
  { inputSize }: ModelSettings,
  activity: Activity,
): Promise<TuningInputs> {
  const images = await readImages(
    session,
    examples.map(({ imageId }) => imageId),
  )
  return { images, projection: await ensureProjection(session, inputSize, activity) }
}

function lossPoints(checkpoint: Checkpoint | undefined): LossPoint[] {
  return (checkpoint?.losses ?? []).map((loss, index) => ({ step: index + 1, loss }))
}

/**
 * Detections of each image with this head, in the order asked for. An image whose file cannot be read has none, so that
 * the ranking knows it and never waits for it.
 * @param minScore lowest probability of a box; low enough for the whole precision-recall curve if left out
 * @throws Error when the head was trained on features that can no longer be made
 */
export function predictImages(
  session: Session,
  head: TrainedHead,
  imageIds: readonly ImageId[],
  phase: string,
  activity: Activity,
  minScore?: number,
): Promise<ImageDetections[]> {
  const found = new Map<ImageId, ImageDetections>()
  return surviving(
    session,
    activity,
    () => 'What it was doing goes on.',
    async () => {
      const projection = await projectionOf(session, head, activity)
      // Megabytes that predicting does not need: the features are made with them before.
      const bare: TrainedHead = { ...head, tuned: undefined }
      const rest = imageIds.filter((id) => !found.has(id))
      const predict = async (part: readonly ImageId[], onImage: () => void): Promise<void> => {
        const options = { signal: activity.signal, onEvent: onImage }
        const predicted = await session.engine.call(
          'predict',
          { head: bare, imageIds: part, ...(minScore !== undefined && { minScore }) },
          options,
        )
        for (const detections of predicted) found.set(detections.imageId, detections)
      }
      await forEachPart(session, rest, projection, phase, activity, predict)
      return imageIds.map((imageId) => found.get(imageId) ?? { imageId, detections: [] })
    },
  )
}

/** The projection whose features the head reads. @throws Error when they can no longer be made */
export async function projectionOf(
  session: Session,
  { settings, projectionId, tuned }: TrainedHead,
  activity: Activity,
): Promise<Projection> {
  const isPresent =
    tuned === undefined || tuned.backboneId === (await session.engine.call('backboneId', undefined))
  const projection =
    tuned !== undefined && isPresent
      ? tuned
      : await ensureProjection(session, settings.inputSize, activity)
  if (projection.id !== projectionId) {
    throw new Error(
      'This round was trained with an earlier version of the detector, which is no longer there. Train it again; ' +
        'its labels are kept.',
    )
  }
  return projection
}
