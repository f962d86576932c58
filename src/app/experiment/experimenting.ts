import { strategyById } from '../../core/acquisition/registry'
import { viewsPerImage } from '../../core/detection/view'
import type { ImageDetections } from '../../core/detection/types'
import { ImagePacker, type PackedImages } from '../../core/evaluation/packed'
import type { EvaluationImage } from '../../core/evaluation/types'
import {
  detectorReplay,
  type ReplayData,
  type ReplayMethods,
} from '../../core/experiment/replay/detector-replay'
import type { ExperimentFigures } from '../../core/experiment/statistics/figures'
import { runReplay, startExperiment } from '../../core/experiment/replay/replay'
import type { ExperimentState } from '../../core/experiment/replay/replay-types'
import { resumeExperiment } from '../../core/experiment/replay/resume'
import { readyUnits, shareProgress, wholeExperiment } from '../../core/experiment/replay/shares'
import { variantName } from '../../core/experiment/replay/strategy-names'
import { stepsLeft } from '../../core/notebook/expected-time'
import type { ReplayUnit } from '../../core/experiment/replay/units'
import type { CellId, ExperimentCell, ExperimentOutput } from '../../core/notebook/types'
import type { EmbedImage } from '../../engine/backbone/protocol'
import type { TrainedHead } from '../../engine/head/protocol'
import { Activity } from '../state/activity.svelte'
import { digestOf, knownImages } from './data'
import { ensureFeatureGroups, type FeatureGroup } from '../detector/features'
import { readImages } from '../detector/image-files'
import { ensureProjection } from '../detector/projection'
import { continuedOutput } from './outlook'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'
import { fingerprintOfExperiment } from '../state/staleness'
import { surviving } from '../detector/surviving'
import { WorkClock } from './work-clock'

/** Test images of whose detections one message tells: reading it is a single task of the page. */
const predictedAtOnce = 32

/**
 * Runs the experiment of a cell, or goes on with it: the cell keeps what is complete after every training. What it has of
 * the same protocol on the same data is not computed again.
 * @throws Error when too few images are labelled, the settings ask for more than there are, or other images can be read
 *   than when it began
 */
export async function runExperiment(session: Session, id: CellId): Promise<void> {
  const { now } = session.services
  const clock = new WorkClock(now())
  const hold = (paused: boolean): void => {
    clock.hold(paused, now())
    session.engine.hold(paused)
  }
  await session.during(
    new Activity('experiment', 'Running the experiment', hold, id),
    async (activity) => {
      try {
        await mark(session, id, true)
        await replay(session, experimentCell(session, id), activity, clock)
      } finally {
        // A mark that cannot be removed offers no more than to go on where all is done.
        if (!activity.interrupted) await mark(session, id, false).catch(() => undefined)
        // Paused to the last: what comes next must not wait for it.
        activity.resume()
      }
    },
  )
}

/** Keeps in the cell whether a run of it is under way, so that one which the page was closed under is noticed. */
async function mark(session: Session, id: CellId, isUnderWay: boolean): Promise<void> {
  await session.notebook.update(id, 'experiment', (cell) => ({ ...cell, isUnderWay }))
}

async function replay(
  session: Session,
  cell: ExperimentCell,
  activity: Activity,
  clock: WorkClock,
): Promise<void> {
  const { id, settings } = cell
  const { model } = settings
  const { now } = session.services
  // All of one moment: labels and classes may change while the images are embedded.
  const fingerprint = fingerprintOfExperiment(session, cell)
  const continued = continuedOutput(session, cell)
  const categories = session.categories.map((category) => ({
    id: category.id,
    name: category.name,
  }))
  const known = await knownImages(session, cell.labels)
  const idsOf = (side: 'pool' | 'test') => known[side].map(({ imageId }) => imageId)
  const groups: FeatureGroup[] = [
    { imageIds: idsOf('pool'), views: viewsPerImage(model.views, known.pool.length) },
    { imageIds: idsOf('test'), views: 0 },
  ]
  const unread = await surviving(
    session,
    activity,
    () => 'The images are embedded again.',
    () => ensureFeatureGroups(session, groups, model.inputSize, activity),
  )
  const data = {
    categories,
    pool: known.pool.filter(({ imageId }) => !unread.has(imageId)),
    test: known.test.filter(({ imageId }) => !unread.has(imageId)),
  }
  const images = data.pool.map(({ key, truth }) => ({ key, boxes: truth.length }))
  const fresh: ExperimentState = {
    ...startExperiment(session.project.name, digestOf(data), settings, images.length),
    imageKeys: 'content',
  }
  if (continued !== undefined) checkImages(continued, data)
  const { output } = cell
  // Where a class was renamed the digest is another, though all that is trained on is the same.
  const earlier = continued ? { ...continued.state, dataDigest: fresh.dataDigest } : output?.state
  const resumed = earlier && resumeExperiment(fresh, earlier)
  const begun = resumed ?? fresh
  const secondsBefore = resumed === undefined ? 0 : (output?.seconds ?? 0)
  const { backend } = await session.engine.ready()

  const methods = replayMethods(session, activity, groups, model.inputSize)
  const stepsBefore = stepsLeft(begun, images.length)
  const trainingFrom = clock.seconds(now())
  /** Of this run; undefined before its first training. */
  const secondsPerStep = (state: ExperimentState): number | undefined => {
    const taken = stepsBefore - stepsLeft(state, images.length)
    return taken > 0 ? (clock.seconds(now()) - trainingFrom) / taken : undefined
  }
  const earlierPace = output?.backend === backend ? output.secondsPerStep : undefined
  let figures: ExperimentFigures | undefined
  let finished = -1
  const keep = async (state: ExperimentState): Promise<void> => {
    const runs = finishedRuns(state)
    if (figures === undefined || runs !== finished) figures = await methods.summarise(state)
    finished = runs
    const kept = {
      state,
      figures,
      poolImages: data.pool.length,
      testImages: data.test.length,
      isTestDrawn: known.isTestDrawn,
      seconds: secondsBefore + clock.seconds(now()),
      secondsPerStep: secondsPerStep(state) ?? earlierPace,
      backend,
      fingerprint,
      finishedAt: now(),
    }
    const isPresent = await session.notebook.update(id, 'experiment', (present) => ({
      ...present,
      output: kept,
    }))
    if (isPresent) return
    activity.cancel() // removed meanwhile
    activity.signal.throwIfAborted()
  }

  const tell = (state: ExperimentState): void => {
    const [unit] = readyUnits(state, wholeExperiment)
    const { done, total } = shareProgress(state, wholeExperiment)
    const perStep = secondsPerStep(state)
    activity.enter(unit === undefined ? 'Comparing the strategies' : describeUnit(unit, state))
    activity.advance(done, total, perStep && perStep * stepsLeft(state, images.length))
  }
  tell(begun)
  const ended = await runReplay(begun, images, [detectorReplay(methods, data)], {
    async onUnit(state) {
      await keep(state)
      tell(state)
    },
  })
  // Nothing may have been left to train, but the target may be another one.
  figures = undefined
  await keep(ended)
}

/** @throws Error when other images can be read than when the experiment began: what it has would be replaced */
function checkImages(
  { poolImages, testImages }: ExperimentOutput,
  { pool, test }: ReplayData,
): void {
  if (pool.length === poolImages && test.length === testImages) return
  throw new Error(
    `This experiment was begun with ${poolImages} images to choose from and ${testImages} to measure on; now ` +
      `${pool.length} and ${test.length} can be read. Its finished trainings are kept: reload the page to try again, or ` +
      'add another experiment, which begins with the images as they are.',
  )
}

/** The engine's methods as a replay calls them; when the worker dies, it gets its features back and is asked again. */
function replayMethods(
  session: Session,
  activity: Activity,
  groups: readonly FeatureGroup[],
  inputSize: number,
): ReplayMethods<TrainedHead> & {
  summarise(state: ExperimentState): Promise<ExperimentFigures>
} {
  const { engine } = session
  const options = { signal: activity.signal }
  let hasFeatures = true
  let files: readonly EmbedImage[] | undefined
  const guarded = <T>(work: () => Promise<T>): Promise<T> =>
    surviving(
      session,
      activity,
      () => 'The experiment goes on.',
      async () => {
        try {
          if (!hasFeatures) await ensureFeatureGroups(session, groups, inputSize, activity)
          hasFeatures = true
          return await work()
        } catch (error) {
          hasFeatures = false
          throw error
        }
      },
    )
  const mirrorInputs = async () => {
    files ??= await readImages(
      session,
      groups.flatMap(({ imageIds }) => imageIds),
    )
    return { images: files, projection: await ensureProjection(session, inputSize, activity) }
  }
  const packed = async (images: readonly EvaluationImage[]): Promise<PackedImages> => {
    const packer = new ImagePacker()
    await inSlices(images, activity.signal, (image) => packer.add(image))
    return packer.packed
  }
  return {
    train: (request) => guarded(() => engine.call('train', request, options)),
    async predict(head, imageIds) {
      const found: ImageDetections[] = []
      for (let from = 0; from < imageIds.length; from += predictedAtOnce) {
        const part = imageIds.slice(from, from + predictedAtOnce)
        found.push(
          ...(await guarded(() => engine.call('predict', { head, imageIds: part }, options))),
        )
      }
      return found
    },
    async evaluate(images, categories) {
      const params = { images: await packed(images), categories }
      return guarded(() => engine.call('evaluate', params, options))
    },
    async bootstrap(images, categories, draws) {
      const params = { images: await packed(images), categories, ...draws }
      return guarded(() => engine.call('bootstrap', params, options))
    },
    acquire: (request) =>
      guarded(async () => {
        const needsMirror = strategyById(request.strategyId).needs.includes('mirrored')
        const mirror = needsMirror ? await mirrorInputs() : undefined
        return engine.call('acquire', { ...request, mirror }, options)
      }),
    summarise: (state) => guarded(() => engine.call('summariseExperiment', { state }, options)),
  }
}

/** The full-pool reference counts as a run: what is judged by it changes with it. */
function finishedRuns({ fullPool, runs, settings }: ExperimentState): number {
  const complete = runs.filter(({ rounds }) => rounds.at(settings.rounds - 1)?.point !== undefined)
  return complete.length + (fullPool === undefined ? 0 : 1)
}

function describeUnit(unit: ReplayUnit, { settings }: ExperimentState): string {
  if (unit.kind === 'full-pool') return 'Training with every label of the pool'
  const { seed } = unit
  if (unit.kind === 'initial') return `Seed ${seed}: the initial set`
  const variant = settings.strategies.find(({ id }) => id === unit.strategy)
  const name = variant === undefined ? unit.strategy : variantName(variant)
  return `Seed ${seed}, round ${unit.round + 1} of ${settings.rounds}: ${name}`
}

function experimentCell(session: Session, id: CellId): ExperimentCell {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'experiment') throw new Error('This experiment is no longer in the notebook.')
  return cell
}
