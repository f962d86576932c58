import type { ImageId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import { compactDiagnosis } from '../../core/diagnosis/compact'
import type { Diagnosis } from '../../core/diagnosis/types'
import { ImagePacker } from '../../core/evaluation/packed'
import type { EvaluationResult, TruthBox } from '../../core/evaluation/types'
import type { TestSamples } from '../../core/experiment/stopping/stopping'
import { fingerprint } from '../../core/notebook/fingerprint'
import type { CellId, EstimateKind } from '../../core/notebook/types'
import { seededRandom } from '../../core/random/seeded'
import type { EngineMethods } from '../../engine/protocol'
import type { TrainedHead, TrainingExample } from '../../engine/head/protocol'
import type { Activity } from '../state/activity.svelte'
import { predictImages, trainHead } from '../detector/detector'
import type { Session } from '../state/session'
import { inSlices } from '../state/slices'
import { surviving } from '../detector/surviving'

/** Folds of the estimate that stands in for a test split without labels. */
const folds = 3

/** Samples of the test images: enough for the bounds of a 95 % interval. */
const samples = 400

/** What a round was trained to be, and on what. */
interface TrainedRound {
  readonly cellId: CellId
  readonly seed: number
  readonly head: TrainedHead
  readonly examples: readonly TrainingExample[]
}

interface Figures {
  readonly evaluation: EvaluationResult
  readonly diagnosis: Diagnosis
}

type EvaluationParams = EngineMethods['evaluate']['params']

export interface RoundEvaluation {
  readonly evaluation: EvaluationResult | undefined
  readonly estimate: EstimateKind | undefined
  /** Undefined where there is no evaluation. */
  readonly diagnosis: Diagnosis | undefined
  /** Of the test split only. */
  readonly samples?: TestSamples
}

/**
 * How good the head is: on the labelled part of the frozen test split or, when nothing of it is labelled, by
 * cross-validation on the labelled images (each image judged by a head that never saw it).
 */
export async function evaluateRound(
  session: Session,
  round: TrainedRound,
  activity: Activity,
): Promise<RoundEvaluation> {
  const testIds = session.testLabeled.map(({ id }) => id)
  if (testIds.length > 0) {
    const truth = new Map(testIds.map((id) => [id, session.labels.of(id)]))
    const detections = await predictImages(session, round.head, testIds, 'Evaluating', activity)
    const params = await evaluationParams(session, truth, detections, activity)
    return {
      ...(await evaluate(session, params, activity)),
      estimate: 'test-split',
      samples: await sampleTest(session, testIds, params, activity),
    }
  }
  if (round.examples.length < folds)
    return { evaluation: undefined, estimate: undefined, diagnosis: undefined }
  return { ...(await outOfFold(session, round, activity)), estimate: 'out-of-fold' }
}

async function outOfFold(
  session: Session,
  { cellId, seed, head, examples }: TrainedRound,
  activity: Activity,
): Promise<Figures> {
  // The head that a warm start goes on from has seen the images that are held out here.
  const settings = { ...head.settings, start: 'scratch' as const }
  const shuffled = seededRandom(seed).fork('folds').shuffle(examples)
  const detections: ImageDetections[] = []
  for (let fold = 0; fold < folds; fold++) {
    const heldOut = shuffled.filter((_, index) => index % folds === fold)
    const rest = shuffled.filter((_, index) => index % folds !== fold)
    // A fold without any box to learn from can say nothing; its images count as undetected.
    if (!rest.some(({ boxes }) => boxes.length > 0)) continue
    const plan = { settings, seed, initial: undefined }
    const place = { cellId, run: fold + 1 }
    const { head: foldHead } = await trainHead(session, rest, plan, activity, place)
    const ids = heldOut.map(({ imageId }) => imageId)
    detections.push(...(await predictImages(session, foldHead, ids, 'Evaluating', activity)))
  }
  const truth = new Map(examples.map(({ imageId, boxes }) => [imageId, boxes]))
  return evaluate(session, await evaluationParams(session, truth, detections, activity), activity)
}

async function sampleTest(
  session: Session,
  testIds: readonly ImageId[],
  params: EvaluationParams,
  activity: Activity,
): Promise<TestSamples> {
  const { seed } = session.project
  const ap50 = await surviving(
    session,
    activity,
    () => 'The evaluation starts over.',
    () =>
      session.engine.call('bootstrap', { ...params, samples, seed }, { signal: activity.signal }),
  )
  const labels = testIds.map((id) => `${session.labels.label(id)?.revision ?? 0} ${id}`)
  return {
    key: fingerprint({ labels: labels.sort(), categories: params.categories }),
    // Stored with the notebook, once a round.
    ap50: ap50.map((value) => Math.round(value * 1e4) / 1e4),
  }
}

function evaluate(
  session: Session,
  params: EvaluationParams,
  activity: Activity,
): Promise<Figures> {
  return surviving(
    session,
    activity,
    () => 'The evaluation starts over.',
    async () => {
      const options = { signal: activity.signal }
      const evaluation = await session.engine.call('evaluate', params, options)
      const diagnosis = await session.engine.call('diagnose', params, options)
      return { evaluation, diagnosis: compactDiagnosis(diagnosis) }
    },
  )
}

async function evaluationParams(
  { categories }: Session,
  truth: ReadonlyMap<ImageId, readonly TruthBox[]>,
  detections: readonly ImageDetections[],
  { signal }: Activity,
): Promise<EvaluationParams> {
  const byImage = new Map(detections.map((item) => [item.imageId, item.detections]))
  const packer = new ImagePacker()
  await inSlices(truth, signal, ([imageId, boxes]) =>
    packer.add({ imageId, truth: boxes, detections: byImage.get(imageId) ?? [] }),
  )
  return { images: packer.packed, categories: categories.map(({ id }) => id) }
}
