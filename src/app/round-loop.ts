/** The active-learning loop: label -> train -> evaluate -> rank the pool -> query -> label, and so on. */
import { strategyById } from '../core/acquisition/registry'
import { poolMinScore } from '../core/detection/model-settings'
import type { AcquisitionScore } from '../core/acquisition/types'
import type { AnnotationId } from '../core/dataset/types'
import type { CalibrationReport } from '../core/calibration/judge'
import { nextRoundPosition } from '../core/notebook/document'
import { roundModel } from '../core/notebook/round-model'
import type {
  CellId,
  ModelSettings,
  RoundCell,
  RoundOutput,
  RoundSettings,
} from '../core/notebook/types'
import { seededRandom } from '../core/random/seeded'
import type { TrainedHead, TrainingExample } from '../engine/head/protocol'
import { acquireBatch, contentHash } from './rounds/acquire'
import { Activity } from './state/activity.svelte'
import { keepAgreement } from './rounds/agreement'
import { predictImages, trainHead } from './detector/detector'
import { assumedClicks, assumedSeconds, clicksOf } from './state/effort'
import { evaluateRound } from './rounds/evaluate-round'
import { knownBoxes } from './rounds/oracle'
import type { Session } from './state/session'
import { fingerprintOfRound } from './state/staleness'

const roundIsGone = 'This round is no longer in the notebook.'

/**
 * Draws the seed set, at random unless the strategy can do better before there is a model, and adds round 0.
 * @throws when there is nothing to label
 */
export async function createSeedRound(
  session: Session,
  settings: RoundSettings,
): Promise<RoundCell> {
  return session.during(new Activity('rank', 'Drawing the seed set'), async (activity) => {
    if (session.notebook.rounds.length > 0) throw new Error('The seed set has been drawn already.')
    const { unlabeled, labeled } = session.pool
    if (unlabeled.length + labeled.length === 0)
      throw new Error('Import some images first: there is nothing to label yet.')
    if (strategyById(settings.strategyId).coldStart === true) {
      const { inputSize } = modelSettings(session)
      const { picks } = await acquireBatch(session, { inputSize }, settings, activity)
      return addRound(session, settings, picks)
    }
    const byHash = new Map(unlabeled.map((imageId) => [contentHash(session, imageId), imageId]))
    const random = seededRandom(settings.seed).fork('seed set')
    const hashes = random.shuffle([...byHash.keys()].sort()).slice(0, settings.batchSize)
    const reason = 'Drawn at random: nothing has been learned yet that could choose better.'
    return addRound(
      session,
      { ...settings, strategyId: 'random' },
      hashes.flatMap((hash) => {
        const imageId = byHash.get(hash)
        return imageId === undefined ? [] : [{ imageId, score: 0, reason }]
      }),
    )
  })
}

/** Ranks the pool with the newest model and adds the round that asks for the best. */
export async function queryNextRound(
  session: Session,
  settings: RoundSettings,
): Promise<RoundCell> {
  const previous = session.latestRound
  if (previous?.output === undefined)
    throw new Error('Train the current round first: the query asks its model.')
  return session.during(new Activity('rank', 'Choosing what to label next'), async (activity) => {
    await ensureDetections(session, previous, activity)
    if (session.pool.unlabeled.length === 0)
      throw new Error('Every pool image is labelled: there is nothing left to ask for.')
    const head = await headOf(session, previous)
    const { picks, calibration } = await acquireBatch(session, head, settings, activity)
    await keepCalibration(session, previous.id, calibration)
    return addRound(session, settings, picks)
  })
}

/** The round whose probabilities were calibrated shows how far they were off. */
async function keepCalibration(
  session: Session,
  id: CellId,
  report: CalibrationReport | undefined,
): Promise<void> {
  if (report === undefined) return
  const { images, before, after } = report
  const calibration = { images, before, after }
  await session.notebook.update(id, 'round', (round) =>
    round.output === undefined ? round : { ...round, output: { ...round.output, calibration } },
  )
}

/** Trains on everything labelled so far, evaluates, and predicts the pool; the round keeps what came of it. */
export async function trainRound(session: Session, id: CellId): Promise<void> {
  const round = roundById(session, id)
  const hold = (paused: boolean): void => session.engine.hold(paused)
  const title = `Training round ${round.index}`
  await session.during(new Activity('train', title, hold), async (activity) => {
    try {
      await trainAndEvaluate(session, round, activity)
    } finally {
      // Paused to the last: what comes next must not wait for it.
      activity.resume()
    }
  })
}

async function trainAndEvaluate(
  session: Session,
  round: RoundCell,
  activity: Activity,
): Promise<void> {
  const { id } = round
  const { rounds } = session.notebook
  const { settings, startsFrom } = roundModel(modelSettings(session), rounds, round)
  const initial = startsFrom && (await headOf(session, startsFrom))
  const examples = trainingExamples(session, round)
  const trainedOn = examples.map(({ imageId }) => imageId)
  const fingerprint = fingerprintOfRound(session, round, trainedOn)
  const plan = { settings, seed: round.settings.seed, initial }
  const trained = await trainHead(session, examples, plan, activity, { cellId: id, run: 0 })
  activity.enter('Evaluating')
  const { evaluation, estimate, diagnosis, samples } = await evaluateRound(
    session,
    { cellId: id, seed: round.settings.seed, head: trained.head, examples: trained.examples },
    activity,
  )
  // What an earlier head of this round saw must never pass for what the new one sees, wherever this stops.
  await session.services.storage.putPredictions(session.project.id, id, [])
  await session.services.storage.putHead(session.project.id, id, trained.head)
  const { backend } = await session.engine.ready()
  const output: RoundOutput = {
    losses: trained.losses,
    trainSeconds: trained.seconds,
    backend,
    model: settings,
    weightsDigest: trained.head.digest,
    evaluation,
    estimate,
    diagnosis,
    samples,
    trainedOn,
    labeledImages: trained.examples.length,
    labeledBoxes: trained.examples.reduce((sum, { boxes }) => sum + boxes.length, 0),
    labelSeconds: trained.examples.reduce(
      (sum, { imageId }) => sum + (session.labels.label(imageId)?.seconds ?? 0),
      0,
    ),
    labelClicks: clicksOf(trained.examples.map(({ imageId }) => session.labels.label(imageId))),
    fingerprint,
    finishedAt: session.services.now(),
  }
  const isKept = await session.notebook.update(id, 'round', (present) => ({ ...present, output }))
  if (!isKept) throw new Error(roundIsGone)
  // The round is kept; what is left of its checkpoints can only cost a little space.
  await session.services.storage.deleteCheckpoints(id).catch(() => undefined)
  const isNewest = !session.notebook.rounds.some(
    ({ index, output }) => index > round.index && output !== undefined,
  )
  if (!isNewest) return
  session.detections = new Map()
  await predictPool(session, id, trained.head, activity)
  await keepAgreement(session, id, activity)
}

/** Lets the oracle label what the round asks for, as if somebody had taken the assumed time. */
export async function answerFromOracle(session: Session, id: CellId): Promise<void> {
  const picks = roundById(session, id).picks.map(({ imageId }) => imageId)
  const answers = new Map(
    (await session.services.storage.getOracle(picks)).map((answer) => [answer.imageId, answer]),
  )
  // Asked only now: a second call meanwhile must not be answered, and its time counted, twice.
  const open = session.openPicks(roundById(session, id))
  const unanswered = open.filter((imageId) => !answers.has(imageId))
  await session.labels.commitMany(
    open.flatMap((imageId) => {
      const answer = answers.get(imageId)
      if (answer === undefined) return []
      const boxes = knownBoxes(session, answer)
      return {
        imageId,
        diff: {
          added: boxes.map((box) => ({
            ...box,
            id: session.services.newId<AnnotationId>(),
            projectId: session.project.id,
            imageId,
            origin: 'oracle' as const,
          })),
          updated: [],
          // The oracle's word replaces boxes that somebody had begun to draw.
          removed: session.labels.of(imageId),
        },
        options: {
          status: 'done' as const,
          addSeconds: assumedSeconds(boxes.length),
          addClicks: assumedClicks(boxes.length),
          secondsSource: 'assumed' as const,
        },
      }
    }),
  )
  if (unanswered.length > 0) {
    session.notices.add(
      'warning',
      `The oracle knows nothing of ${unanswered.length} of these images; label them by hand.`,
    )
  }
}

/** The newest model's detections of the whole pool, computed if they are not there yet (or were evicted). */
export async function ensureDetections(
  session: Session,
  round: RoundCell,
  activity: Activity,
): Promise<void> {
  const pool = [...session.pool.labeled, ...session.pool.unlabeled]
  if (pool.every((id) => session.detections.has(id))) return
  await predictPool(session, round.id, await headOf(session, round), activity)
}

/** The head that a round trained. @throws when there is none */
export async function headOf({ services }: Session, round: RoundCell): Promise<TrainedHead> {
  const head = (await services.storage.getHead(round.id)) as TrainedHead | undefined
  if (head === undefined)
    throw new Error(`Round ${round.index} has no trained head; train it again.`)
  return head
}

async function predictPool(
  session: Session,
  id: CellId,
  head: TrainedHead,
  activity: Activity,
): Promise<void> {
  const pool = [...session.pool.labeled, ...session.pool.unlabeled]
  const phase = 'Looking at the pool'
  const all = await predictImages(session, head, pool, phase, activity, poolMinScore)
  await session.services.storage.putPredictions(session.project.id, id, all)
  session.detections = new Map(all.map((item) => [item.imageId, item]))
}

/**
 * Everything labelled that this round may train on: the pool's done images without those that later rounds asked for,
 * so that training it again gives the same point of the curve; never the test split.
 */
function trainingExamples(session: Session, round: RoundCell): TrainingExample[] {
  const later = new Set(
    session.notebook.rounds
      .filter(({ index }) => index > round.index)
      .flatMap(({ picks }) => picks.map(({ imageId }) => imageId)),
  )
  const labeled = session.pool.labeled.filter((imageId) => !later.has(imageId))
  if (session.categories.length === 0)
    throw new Error('Add a class first: the detector needs to know what to look for.')
  const examples = labeled.map((imageId) => ({ imageId, boxes: session.labels.of(imageId) }))
  if (!examples.some(({ boxes }) => boxes.length > 0)) {
    throw new Error(
      `Round ${round.index} has no labelled box yet; label at least one image with a box, then train.`,
    )
  }
  return examples.map(({ imageId, boxes }) => ({
    imageId,
    boxes: boxes.map(({ categoryId, box, crowd }) => ({ categoryId, box, crowd })),
  }))
}

async function addRound(
  session: Session,
  settings: RoundSettings,
  picks: readonly AcquisitionScore[],
): Promise<RoundCell> {
  const round: RoundCell = {
    kind: 'round',
    id: session.services.newId<CellId>(),
    projectId: session.project.id,
    position: nextRoundPosition(session.notebook.cells),
    index: session.notebook.rounds.length,
    settings,
    picks,
    output: undefined,
  }
  await session.notebook.put(round)
  return round
}

function modelSettings(session: Session): ModelSettings {
  const cell = session.notebook.cells.find((candidate) => candidate.kind === 'model')
  if (cell === undefined)
    throw new Error(
      'The notebook has no model cell; this project is damaged. Restore it from a backup.',
    )
  return cell.settings
}

function roundById(session: Session, id: CellId): RoundCell {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'round') throw new Error(roundIsGone)
  return cell
}
